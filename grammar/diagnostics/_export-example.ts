// A run of a GPT-2 of two layers, for examples of export; the member files say what they change in it.

import type { Example } from "./define.ts";

export interface ExportParts { /** The beginning of the model's declaration. */ readonly declared?: string; /** What stands in its block. */ readonly model?: string; /** Arguments of the call. */ readonly call?: string; readonly to?: "huggingface" | "tfjs" }

/** Both examples need the run to be trained first: tests/export trains them. */
export function exportExample({ declared = "tiny extends gpt2(layers: 2, width: 8, heads: 2, context: 16)", model = "", call = "", to = "huggingface" }: ExportParts = {}): Example {
  const text = `${declared.includes("gpt2") ? `import { gpt2 } from "ptarmigan/gpt2.pt"\n` : ""}model ${declared} { ${model} }
data novels { files: "texts/*.txt" }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small {
  model: tiny(${call})
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 16
  batch: 2 examples
  train: 1 steps
  optimizer: adamw(lr: 1e-3)
}
`;
  return { files: { "main.pt": text, "texts/a.txt": "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse.\n".repeat(4) }, command: ["export", "main.pt", "small", "--to", to] };
}
