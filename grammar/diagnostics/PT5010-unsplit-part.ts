// PT5010: training and measuring on the same data.

import { defineDiagnostic } from "./define.ts";

export const unsplitPart = defineDiagnostic<{ name: string }>({
  code: "PT5010",
  slug: "unsplit-part",
  severity: "error",
  title: "training and measuring on the same data",
  message: ({ name }) => `the run trains on all of \`${name}\` and evaluates on it too`,
  page: "A loss measured on data that was trained on says nothing about new data. Give the source a `split` and evaluate on `NAME.valid`.",
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
  batch: 4 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
  evaluate { data: novels.train }
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
  batch: 4 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
  evaluate { data: novels.valid }
}
`,
});
