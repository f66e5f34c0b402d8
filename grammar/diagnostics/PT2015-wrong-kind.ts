// PT2015: a name of something else.

import { defineDiagnostic } from "./define.ts";

export const wrongKind = defineDiagnostic<{ name: string; is: string; wanted: string }>({
  code: "PT2015",
  slug: "wrong-kind",
  severity: "error",
  title: "a name of something else",
  message: ({ name, is, wanted }) => `\`${name}\` is ${is}, but ${wanted} is wanted here`,
  page: "Every place wants one type of thing. The name is known, but nothing of the wanted type has it.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, causal) } }
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
