// PT5007: a batch of tokens that holds no whole sequence.

import { defineDiagnostic } from "./define.ts";

export const smallBatch = defineDiagnostic<{ tokens: number; length: number }>({
  code: "PT5007",
  slug: "small-batch",
  severity: "error",
  title: "a batch of tokens that holds no whole sequence",
  message: ({ tokens, length }) => `a batch of ${tokens} tokens holds no whole number of sequences of ${length}`,
  page: "A batch given in tokens is divided by the length into whole sequences.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small {
  model: tiny()
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 16
  batch: 20 tokens
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
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small {
  model: tiny()
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 16
  batch: 64 tokens
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
`,
});
