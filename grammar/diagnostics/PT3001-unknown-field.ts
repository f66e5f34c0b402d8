// PT3001: a field that this block does not have.

import { defineDiagnostic } from "./define.ts";

export const unknownField = defineDiagnostic<{ name: string; where: string; suggestion?: string; names: readonly string[] }>({
  code: "PT3001",
  slug: "unknown-field",
  severity: "error",
  title: "a field that this block does not have",
  message: ({ name, where }) => `${where} has no field \`${name}\``,
  hint: ({ suggestion, names }) => suggestion ?? `its fields are ${names.map((name) => `\`${name}\``).join(", ")}`,
  page: "Only known fields are accepted: a misspelled field that is silently ignored would leave its default in place.",
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
  lenght: 16
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
