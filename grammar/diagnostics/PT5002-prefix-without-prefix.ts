// PT5002: a prefix mask without an objective that has a prefix.

import { defineDiagnostic } from "./define.ts";

export const prefixWithoutPrefix = defineDiagnostic<{ objective: string }>({
  code: "PT5002",
  slug: "prefix-without-prefix",
  severity: "error",
  title: "a prefix mask without an objective that has a prefix",
  message: ({ objective }) => `the mask looks at \`prefix\`, but \`${objective}\` has none`,
  hint: () => "use `causal`",
  page: "The prefix of an example is what an objective gives as input before its targets. Under a plain next-token objective it is empty, and the mask would be no more than causal.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: prefix) } residual { rmsnorm mlp(4 * width, gelu) } }
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
