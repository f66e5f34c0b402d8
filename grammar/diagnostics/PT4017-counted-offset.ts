// PT4017: positions that count real tokens without a row for padding.

import { defineDiagnostic } from "./define.ts";

export const countedOffset = defineDiagnostic<Record<never, never>>({
  code: "PT4017",
  slug: "counted-offset",
  severity: "error",
  title: "positions that count real tokens without a row for padding",
  message: () => "`count: real` needs an `offset` of at least 1: padding reads row offset - 1",
  page: "Where only real tokens are counted, padding has a row of its own, the one before that of the first token; so the table needs at least one row before position 0.",
  failing: `model tiny(width = 8) { encoder { embed: tokens(300, width) + learned_positions(16, count: real) } }
`,
  fixed: `model tiny(width = 8) { encoder { embed: tokens(300, width) + learned_positions(16, offset: 2, count: real) } }
`,
});
