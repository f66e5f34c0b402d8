// PT2019: a path that goes below a plain value.

import { defineDiagnostic } from "./define.ts";

export const pathEnds = defineDiagnostic<{ path: string; at: string }>({
  code: "PT2019",
  slug: "path-ends",
  severity: "error",
  title: "a path that goes below a plain value",
  message: ({ path, at }) => `the path \`${path}\` leads below \`${at}\`, which has no parts`,
  page: "Paths step through sections by field, and through a single call or the name of a declaration by parameter. A number, a text or a list has no parts.",
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
}
pretrain other extends small { length.more: 3 }
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
pretrain other extends small { length: 8 }
`,
});
