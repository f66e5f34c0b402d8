// PT2018: a change to a field that was not inherited.

import { defineDiagnostic } from "./define.ts";

export const nothingToChange = defineDiagnostic<{ path: string; suggestion?: string }>({
  code: "PT2018",
  slug: "nothing-to-change",
  severity: "error",
  title: "a change to a field that was not inherited",
  message: ({ path }) => `there is no inherited \`${path}\` to change`,
  hint: ({ suggestion }) => suggestion ?? "give the whole field instead",
  page: "`optimizer.lr: 5e-4` and `remove sample` change what the declaration `extends`; here nothing of that name is inherited.",
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
pretrain other extends small { remove sample }
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
pretrain other extends small { seed: 2 }
`,
});
