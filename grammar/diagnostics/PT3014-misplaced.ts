// PT3014: something that cannot stand here.

import { defineDiagnostic } from "./define.ts";

export const misplaced = defineDiagnostic<{ what: string; where: string; instead: string }>({
  code: "PT3014",
  slug: "misplaced",
  severity: "error",
  title: "something that cannot stand here",
  message: ({ what, where }) => `${what} cannot stand in ${where}`,
  hint: ({ instead }) => instead,
  page: "The form is part of the language, but this block has no place for it.",
  failing: `model tiny(width = 8) {
  attention(2, mask: causal)
  decoder { embed: tokens(300, width) }
}
`,
  fixed: `model tiny(width = 8) {
  decoder { embed: tokens(300, width) residual { attention(2, mask: causal) } }
}
`,
});
