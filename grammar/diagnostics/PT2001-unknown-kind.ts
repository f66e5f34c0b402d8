// PT2001: a declaration of an unknown kind.

import { defineDiagnostic } from "./define.ts";

export const unknownKind = defineDiagnostic<{ word: string; suggestion?: string }>({
  code: "PT2001",
  slug: "unknown-kind",
  severity: "error",
  title: "a declaration of an unknown kind",
  message: ({ word }) => `there is no declaration kind \`${word}\``,
  hint: ({ suggestion }) => suggestion ?? "the kinds are `model`, `tokenizer`, `data`, `mask`, `objective`, `template`, `hardware`, `pretrain` and `evaluate`",
  page: "A declaration begins with the kind of thing that it declares: `model`, `tokenizer`, `data`, `mask`, `objective`, `template`, `hardware`, `pretrain`, `evaluate`. Anything else is refused, because a misspelled declaration that is silently skipped is an experiment that never ran.",
  failing: `modle tiny { decoder { embed: tokens(8, 8) } }
`,
  fixed: `model tiny { decoder { embed: tokens(8, 8) } }
`,
});
