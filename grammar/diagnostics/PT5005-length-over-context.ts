// PT5005: sequences longer than the table of positions.

import { defineDiagnostic } from "./define.ts";

export const lengthOverContext = defineDiagnostic<{ length: number; context: number }>({
  code: "PT5005",
  slug: "length-over-context",
  severity: "error",
  title: "sequences longer than the table of positions",
  message: ({ length, context }) => `sequences of ${length} positions do not fit the context of ${context}`,
  hint: ({ context }) => `use \`length: ${context}\`, or a larger context`,
  page: "Learned positions are a table with one row a position.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width) + learned_positions(8)
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
  fixed: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width) + learned_positions(16)
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
