// PT5004: a model without the head that an objective needs.

import { defineDiagnostic } from "./define.ts";

export const missingHead = defineDiagnostic<{ head: string; model: string; objective: string; suggestion?: string }>({
  code: "PT5004",
  slug: "missing-head",
  severity: "error",
  title: "a model without the head that an objective needs",
  message: ({ head, model, objective }) => `\`${objective}\` needs a head \`${head}\`, which \`${model}\` lacks`,
  hint: ({ head }) => `add \`head ${head} { tied }\` to the model`,
  page: "A head turns the stream into what the objective predicts.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
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
}
`,
});
