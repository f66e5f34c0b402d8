// PT4003: key/value heads that do not divide the heads.

import { defineDiagnostic } from "./define.ts";

export const kvHeads = defineDiagnostic<{ heads: number; kv_heads: number }>({
  code: "PT4003",
  slug: "kv-heads",
  severity: "error",
  title: "key/value heads that do not divide the heads",
  message: ({ heads, kv_heads }) => `${kv_heads} key/value heads do not divide ${heads} heads`,
  page: "Grouped attention shares one key/value head among heads / kv_heads query heads.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(4, kv_heads: 3, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`,
  fixed: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(4, kv_heads: 2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`,
});
