// PT6101: a memory limit that no micro-batch fits.

import { defineDiagnostic } from "./define.ts";

export const memoryLimit = defineDiagnostic<{ limit: number; needed: number }>({
  code: "PT6101",
  slug: "memory-limit",
  severity: "error",
  title: "a memory limit that no micro-batch fits",
  message: ({ limit, needed }) => `one example with recomputation needs ${megabytes(needed)}, above the limit of ${megabytes(limit)}`,
  page: "The limit decides micro-batches and recomputation, never the result. Below weights, optimizer state and one example's activations nothing can run.",
  failing: { files: { "main.pt": `model tiny(width = 8) {
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
  memory: 10 KB
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
` }, command: ["plan", "main.pt", "small"] },
  fixed: { files: { "main.pt": `model tiny(width = 8) {
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
  memory: 100 MB
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
` }, command: ["plan", "main.pt", "small"] },
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toPrecision(3)} MB`;
}
