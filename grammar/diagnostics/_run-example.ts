// A small complete spec for examples; each of its parts can be replaced.

export interface RunParts { readonly body?: string; readonly optimizer?: string; readonly before?: string; readonly more?: string }

export function runExample({ body, optimizer = "adamw(lr: 1e-3)", before = "", more = "" }: RunParts = {}): string {
  return `${before}model tiny(vocab, width = 8) {
  decoder {
    embed: tokens(vocab, width)
    ${body ?? "residual { rmsnorm attention(2, mask: causal) }"}
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
  optimizer: ${optimizer}
  ${more}
}
`;
}

/** A model that checks, for examples that change one thing in it. */
export const tinyModel = `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`;

/** A whole experiment that checks, likewise. */
export const smallRun = `${tinyModel}data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
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
`;
