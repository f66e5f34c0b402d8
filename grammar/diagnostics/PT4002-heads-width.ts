// PT4002: heads that do not divide the width.

import { defineDiagnostic } from "./define.ts";

export const headsWidth = defineDiagnostic<{ heads: number; width: number }>({
  code: "PT4002",
  slug: "heads-width",
  severity: "error",
  title: "heads that do not divide the width",
  message: ({ heads, width }) => `${heads} heads do not divide the width ${width}`,
  hint: () => "choose heads that divide the width, or give `head_width`",
  page: "Each head gets width / heads features, unless `head_width` says otherwise.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(3, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`,
  fixed: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`,
});
