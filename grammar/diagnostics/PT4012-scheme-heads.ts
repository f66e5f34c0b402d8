// PT4012: one position scheme for attentions with different heads.

import { defineDiagnostic } from "./define.ts";

export const schemeHeads = defineDiagnostic<{ name: string; first: number; second: number }>({
  code: "PT4012",
  slug: "scheme-heads",
  severity: "error",
  title: "one position scheme for attentions with different heads",
  message: ({ name, first, second }) => `\`${name}\` has a bias for ${first} heads; this attention has ${second}`,
  page: "A position scheme named with `let` is one set of weights, with one column a head; every attention that uses it must have as many heads as the first.",
  failing: `model tiny(width = 8) { decoder { let bias = relative_bias(buckets: 8, distance: 16) embed: tokens(300, width) residual { attention(2, mask: causal, positions: bias) } residual { attention(4, mask: causal, positions: bias) } } }
`,
  fixed: `model tiny(width = 8) { decoder { let bias = relative_bias(buckets: 8, distance: 16) embed: tokens(300, width) residual { attention(2, mask: causal, positions: bias) } residual { attention(2, mask: causal, positions: bias) } } }
`,
});
