// PT4010: rotary positions on an odd head width.

import { defineDiagnostic } from "./define.ts";

export const oddRotation = defineDiagnostic<{ width: number }>({
  code: "PT4010",
  slug: "odd-rotation",
  severity: "error",
  title: "rotary positions on an odd head width",
  message: ({ width }) => `rotary positions turn pairs of features, but the head width ${width} is odd`,
  page: "rope rotates the features i and i + head_width / 2 together.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal, head_width: 3, positions: rope) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`,
  fixed: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal, positions: rope) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`,
});
