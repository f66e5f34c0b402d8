// PT4011: a model too large to lay out.

import { defineDiagnostic } from "./define.ts";

export const tooLargeModel = defineDiagnostic<{ limit: number }>({
  code: "PT4011",
  slug: "too-large-model",
  severity: "error",
  title: "a model too large to lay out",
  message: ({ limit }) => `the model has more than ${limit} layers`,
  page: "A count is most likely mistyped: `10M layers` instead of `10`.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 20k { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
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
