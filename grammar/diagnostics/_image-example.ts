// A pair of towers on images with captions, for examples.

const pixels = "data:;base64,UDUKMiAyCjI1NQoAgMD/";

/** `columns` and `declared` (the model's channels) can be chosen; one picture of 2 × 2 grey pixels. */
export function imageRun({ columns = "picture: image  caption: string", channels = 1, objective = "contrastive" }: { readonly columns?: string; readonly channels?: number; readonly objective?: string }): { readonly [file: string]: string } {
  return {
    "main.pt": `model pair(vocab, width = 8) {
  encoder image {
    embed: class_token(patches(width, size: 2, channels: ${channels})) + learned_positions(5)
    residual { layernorm attention(2, mask: full) }
  }
  encoder text {
    embed: tokens(vocab, width) + learned_positions(8)
    residual { layernorm attention(2, mask: causal) }
  }
  head contrastive {
    image { pool(first) dense(8, bias: off) }
    text { pool(last) dense(8, bias: off) }
    cosine
  }
}
data pairs {
  files: "pairs.csv"
  format: csv
  columns { ${columns} }
}
tokenizer letters { kind: bytes  special: [<pad>, <bos>, <eos>] }
pretrain small {
  model: pair()
  tokenizer: letters
  data: pairs
  objective: ${objective}
  length: 8
  batch: 2 examples
  train: 1 steps
  optimizer: adamw(lr: 1e-3)
}
`,
    "pairs.csv": "picture,caption\nsteps.pgm,steps\nsteps.pgm,grey\n",
    "steps.pgm": pixels,
  };
}
