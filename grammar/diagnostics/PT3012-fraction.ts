// PT3012: a fraction where a whole number is wanted.

import { defineDiagnostic } from "./define.ts";

export const fraction = defineDiagnostic<{ value: number; text: string }>({
  code: "PT3012",
  slug: "fraction",
  severity: "error",
  title: "a fraction where a whole number is wanted",
  message: ({ value, text }) => `a whole number is wanted, but \`${text}\` is ${value}`,
  page: "Sizes and counts are whole numbers. A quotient such as `width / heads` must come out even.",
  failing: `model tiny(width = 8.5) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
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
