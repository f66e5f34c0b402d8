// PT5003: a special token that the tokenizer lacks.

import { defineDiagnostic } from "./define.ts";

export const missingToken = defineDiagnostic<{ token: string; tokenizer: string; why: string }>({
  code: "PT5003",
  slug: "missing-token",
  severity: "error",
  title: "a special token that the tokenizer lacks",
  message: ({ token, tokenizer, why }) => `the tokenizer \`${tokenizer}\` has no \`<${token}>\`, which ${why}`,
  hint: ({ token }) => `add \`<${token}>\` to \`special\``,
  page: "Special tokens are listed in the tokenizer's `special`.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width, padding: <pad>)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<eos>] }
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
    embed: tokens(300, width, padding: <pad>)
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
