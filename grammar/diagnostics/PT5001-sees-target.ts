// PT5001: a mask that shows a next-token objective its own target.

import { defineDiagnostic } from "./define.ts";

export const seesTarget = defineDiagnostic<{ layer: string; query: number; key: number; objective: string }>({
  code: "PT5001",
  slug: "sees-target",
  severity: "error",
  title: "a mask that shows a next-token objective its own target",
  message: ({ query, key, objective }) => `under this mask position ${query} sees position ${key}, so \`${objective}\` could read its own target`,
  hint: ({ layer }) => `use \`causal\`, or compose it: \`causal & …\` (in \`${layer}\`)`,
  page: "A next-token objective predicts at each position the token that follows. If any layer lets a position see a later one, the model copies the answer and learns nothing.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: full) } residual { rmsnorm mlp(4 * width, gelu) } }
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
