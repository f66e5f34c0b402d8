// PT6102: a run that the file does not declare.

import { defineDiagnostic } from "./define.ts";

export const unknownRun = defineDiagnostic<{ name: string; names: readonly string[] }>({
  code: "PT6102",
  slug: "unknown-run",
  severity: "error",
  title: "a run that the file does not declare",
  message: ({ name, names }) => !names.length ? "the file declares no run" : name ? `there is no run \`${name}\`` : "the file declares several runs, and none is named",
  hint: ({ names }) => (names.length ? `its runs are ${names.map((name) => `\`${name}\``).join(", ")}` : undefined),
  page: "Runs are the declarations that can be trained: `pretrain`.",
  failing: {
    files: {
      "main.pt": `model tiny(width = 8) {
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
    },
    command: ["plan", "main.pt", "smal"],
  },
  fixed: {
    files: {
      "main.pt": `model tiny(width = 8) {
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
    },
    command: ["plan", "main.pt", "small"],
  },
});
