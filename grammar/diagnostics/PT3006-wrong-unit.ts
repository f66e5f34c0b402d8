// PT3006: a quantity in the wrong unit, or without one.

import { defineDiagnostic } from "./define.ts";

export const wrongUnit = defineDiagnostic<{ wanted: string; given: string; value: string }>({
  code: "PT3006",
  slug: "wrong-unit",
  severity: "error",
  title: "a quantity in the wrong unit, or without one",
  message: ({ wanted, given, value }) => `${wanted} is wanted, not ${given === "no unit" ? `the bare number ${value}` : `one in \`${given}\``}`,
  hint: ({ given, value }) => given !== "no unit" ? undefined : `write the unit after the number: \`${value} …\``,
  page: "A count says what it counts: `32 examples` and `32 tokens` are different batches. Units convert only through a run's batch, length and data, and the plan shows the conversion.",
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
  batch: 4
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
