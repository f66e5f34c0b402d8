// PT5082: a learned prompt without a text to stand before.

import { adaptExample } from "./_adapt-example.ts";
import { defineDiagnostic } from "./define.ts";

const image = `model tiny(width = 8) {
  encoder {
    embed: class_token(patches(width, size: 4)) + learned_positions(50)
    repeat 2 { residual { layernorm attention(2, mask: full) } residual { layernorm mlp(4 * width, gelu) } }
  }
  head classify(classes = 10) { pool(first) dense(classes) }
}
`;

export const noPromptedStack = defineDiagnostic<{ model: string }>({
  code: "PT5082",
  slug: "no-prompted-stack",
  severity: "error",
  title: "a learned prompt without a text to stand before",
  message: ({ model }) => `no stack of \`${model}\` reads a text that is given`,
  page: "`adapt: prompt(n)` puts learned vectors before the text that an encoder, or a decoder without one, reads. A stack that looks at images has none, and what a decoder beside an encoder reads is the text that it generates.",
  failing: adaptExample("prompt(4)", image),
  fixed: adaptExample("adapter(4)", image),
});
