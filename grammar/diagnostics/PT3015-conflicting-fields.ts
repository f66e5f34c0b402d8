// PT3015: not exactly one of several fields.

import { defineDiagnostic } from "./define.ts";

export const conflictingFields = defineDiagnostic<{ group: readonly string[]; given: readonly string[]; where: string }>({
  code: "PT3015",
  slug: "conflicting-fields",
  severity: "error",
  title: "not exactly one of several fields",
  message: ({ group, given, where }) => given.length ? `${where} has ${given.map((name) => `\`${name}\``).join(" and ")}, but only one of them can hold` : `${where} needs ${group.map((name) => `\`${name}\``).join(" or ")}`,
  page: "These fields exclude each other, and one of them is needed.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  file: "tokenizer.json"  special: [<pad>, <eos>] }
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
