// Small complete specs whose objective and tokenizer can be chosen, for examples.

/** An encoder. `declarations` stand before the run, `more` embeddings are added; `above` is a spec whose model, data and tokenizer are used again. */
export function encoderRun(objective: string, declarations = "", special = "special: [<pad>, <cls>, <sep>, <mask>]", more = "", above = "", name = "small"): string {
  const parts = above === "" ? `model reader(vocab, width = 8) {
  encoder {
    embed: tokens(vocab, width) + learned_positions(16)${more}
    residual { rmsnorm attention(2, mask: full) }
  }
  head mlm { tied(bias: on) }
  head nsp { pool(first) dense(2) }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  ${special} }
` : above;
  return `${parts}${declarations}pretrain ${name} {
  model: reader()
  tokenizer: letters
  data: novels
  objective: ${objective}
  length: 16
  batch: 4 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
`;
}

/** A decoder that gets inputs and targets in one sequence. */
export function sequenceRun(objective: string, sentinels = "", mask = "prefix"): string {
  return `model writer(vocab, width = 8) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(32)
    residual { rmsnorm attention(2, mask: ${mask}) }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>, <s_mode>]  ${sentinels} }
pretrain small {
  model: writer()
  tokenizer: letters
  data: novels
  objective: ${objective}
  length: 32
  batch: 4 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
`;
}
