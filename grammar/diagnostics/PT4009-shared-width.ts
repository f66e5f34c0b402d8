// PT4009: a named layer used at two widths.

import { defineDiagnostic } from "./define.ts";

export const sharedWidth = defineDiagnostic<{ name: string; first: number; second: number }>({
  code: "PT4009",
  slug: "shared-width",
  severity: "error",
  title: "a named layer used at two widths",
  message: ({ name, first, second }) => `\`${name}\` is used on ${first} and on ${second} features; one set of weights has one shape`,
  page: "A named instance is one set of weights, so every use must have the input width of the first.",
  failing: `model tiny(width = 8) { let norm = rmsnorm decoder { embed: tokens(300, width) norm dense(4) norm } }
`,
  fixed: `model tiny(width = 8) { let norm = rmsnorm decoder { embed: tokens(300, width) norm dense(8) norm } }
`,
});
