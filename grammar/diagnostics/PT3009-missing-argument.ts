// PT3009: a parameter without a value.

import { defineDiagnostic } from "./define.ts";

export const missingArgument = defineDiagnostic<{ callee: string; missing: readonly string[] }>({
  code: "PT3009",
  slug: "missing-argument",
  severity: "error",
  title: "a parameter without a value",
  message: ({ callee, missing }) => `\`${callee}\` needs ${missing.map((name) => `\`${name}\``).join(", ")}`,
  hint: ({ missing }) => `add \`${missing[0]}: …\``,
  page: "A parameter without a default must be given.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2) } residual { rmsnorm mlp(4 * width, gelu) } }
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
