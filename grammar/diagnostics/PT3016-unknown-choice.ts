// PT3016: a word that is none of the choices.

import { defineDiagnostic } from "./define.ts";

export const unknownChoice = defineDiagnostic<{ word: string; words: readonly string[]; suggestion?: string }>({
  code: "PT3016",
  slug: "unknown-choice",
  severity: "error",
  title: "a word that is none of the choices",
  message: ({ word }) => `\`${word}\` is not one of the choices here`,
  hint: ({ words, suggestion }) => suggestion ?? (words.length ? `choose ${words.map((word) => `\`${word}\``).join(" or ")}` : undefined),
  page: "The field takes one of a few words.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  format: txt  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small {
  model: tiny()
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 16
  batch: 4 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
`,
  fixed: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  format: text  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small {
  model: tiny()
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 16
  batch: 4 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
`,
});
