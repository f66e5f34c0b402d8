// PT3022: a field that goes with another.

import { defineDiagnostic } from "./define.ts";

export const incompleteDeclaration = defineDiagnostic<{ field: string; needs: string; because: string }>({
  code: "PT3022",
  slug: "incomplete-declaration",
  severity: "error",
  title: "a field that goes with another",
  message: ({ field, because }) => `\`${field}\` ${because}`,
  hint: ({ needs }) => needs,
  page: "Some fields only make sense together: a trained tokenizer needs the source it is trained on, an untrained one must not name one.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bpe(vocab: 300)  special: [<pad>, <eos>] }
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
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bpe(vocab: 300)  trained_on: novels  special: [<pad>, <eos>] }
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
