// PT5006: a token table smaller than the tokenizer's vocabulary.

import { defineDiagnostic } from "./define.ts";

export const tableTooSmall = defineDiagnostic<{ table: number; vocabulary: number; tokenizer: string }>({
  code: "PT5006",
  slug: "table-too-small",
  severity: "error",
  title: "a token table smaller than the tokenizer's vocabulary",
  message: ({ table, vocabulary, tokenizer }) => `the token table has ${table} rows, but \`${tokenizer}\` has ${vocabulary} tokens`,
  hint: () => "let the model have a parameter `vocab`: it follows the tokenizer",
  page: "Ids beyond the table have no embedding. A larger table is allowed (padded tables), a smaller one never.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(200, width)
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
