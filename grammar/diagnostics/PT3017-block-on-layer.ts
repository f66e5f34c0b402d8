// PT3017: a block after something that takes none.

import { defineDiagnostic } from "./define.ts";

export const blockOnLayer = defineDiagnostic<{ name: string }>({
  code: "PT3017",
  slug: "block-on-layer",
  severity: "error",
  title: "a block after something that takes none",
  message: ({ name }) => `\`${name}\` takes no block`,
  hint: () => "write the layers one after the other",
  page: "Only combinators (`residual`, `parallel`, `sequence`, `repeat`) hold other layers.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm { attention(2, mask: causal) } } residual { rmsnorm mlp(4 * width, gelu) } }
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
