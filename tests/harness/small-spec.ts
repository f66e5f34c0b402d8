// A small experiment that checks, for tests of commands.

export const smallSpec = `model tiny(width = 8, layers = 2, vocab = 300, context = 64) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    repeat layers { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
let rate = 1e-3
pretrain small {
  model: tiny(width: 16)
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 16
  batch: 4 examples
  train: 10 steps
  optimizer: adamw(lr: rate)
}
pretrain wider extends small { model.width: 32  optimizer.lr: 5e-4 }
`;
