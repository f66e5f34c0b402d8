// PT4008: embeddings of different widths in one sum.

import { defineDiagnostic } from "./define.ts";

export const embeddingWidths = defineDiagnostic<{ left: number; right: number }>({
  code: "PT4008",
  slug: "embedding-widths",
  severity: "error",
  title: "embeddings of different widths in one sum",
  message: ({ left, right }) => `embeddings of widths ${left} and ${right} cannot be added`,
  page: "The parts of `embed: a + b` are added feature by feature.",
  failing: `model tiny(width = 8) { decoder { embed: tokens(300, width) + tokens(300, 4) } }
`,
  fixed: `model tiny(width = 8) { decoder { embed: tokens(300, width) + learned_positions(16) } }
`,
});
