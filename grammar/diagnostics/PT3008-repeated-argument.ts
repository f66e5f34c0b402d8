// PT3008: an argument given twice.

import { defineDiagnostic } from "./define.ts";

export const repeatedArgument = defineDiagnostic<{ name: string; callee: string }>({
  code: "PT3008",
  slug: "repeated-argument",
  severity: "error",
  title: "an argument given twice",
  message: ({ name, callee }) => `\`${name}\` is given to \`${callee}\` twice`,
  hint: () => "keep one of them",
  page: "One of the two would silently win. Keep the one that is meant.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal, mask: full) } residual { rmsnorm mlp(4 * width, gelu) } }
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
