// PT5009: special tokens and sentinels that leave no room.

import { defineDiagnostic } from "./define.ts";

export const tooManySentinels = defineDiagnostic<{ vocab: number; special: number }>({
  code: "PT5009",
  slug: "too-many-sentinels",
  severity: "error",
  title: "special tokens and sentinels that leave no room",
  message: ({ vocab, special }) => `a vocabulary of ${vocab} leaves no room for 256 bytes and ${special} special tokens`,
  page: "A byte-level vocabulary holds the 256 bytes, then what was learned, then the special tokens and sentinels; `vocab` is the total.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bpe(vocab: 300)  trained_on: novels  special: [<pad>, <eos>]  sentinels: 100 }
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
    embed: tokens(400, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bpe(vocab: 400)  trained_on: novels  special: [<pad>, <eos>]  sentinels: 100 }
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
