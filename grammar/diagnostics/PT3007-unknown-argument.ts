// PT3007: an argument that is no parameter.

import { defineDiagnostic } from "./define.ts";

export const unknownArgument = defineDiagnostic<{ name: string; callee: string; suggestion?: string; names: readonly string[] }>({
  code: "PT3007",
  slug: "unknown-argument",
  severity: "error",
  title: "an argument that is no parameter",
  message: ({ name, callee }) => `\`${callee}\` has no parameter \`${name}\``,
  hint: ({ suggestion, names }) => suggestion ?? (names.length ? `its parameters are ${names.map((name) => `\`${name}\``).join(", ")}` : "it has no parameters"),
  page: "Arguments are matched to the parameters of what is called; nothing is passed on silently.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, msk: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
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
