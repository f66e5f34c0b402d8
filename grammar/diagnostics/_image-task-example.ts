// A small classification of images, for examples that change one thing in it.

export function imageTask({ columns = "picture: image  label: class", more = "" }: { readonly columns?: string; readonly more?: string } = {}): string {
  return `model seer(width = 8) {
  encoder {
    embed: class_token(patches(width, size: 2, channels: 1)) + learned_positions(5)
    residual { layernorm attention(2, mask: full) }
    layernorm
  }
}
data pictures { files: "pictures.csv"  format: csv  columns { ${columns} } }
${more.includes("tokenizer") ? "tokenizer letters { kind: bytes  special: [<pad>, <cls>, <sep>] }\n" : ""}finetune sorted {
  model: seer()
  data: pictures
  task: classify(picture, label)
  batch: 2 examples
  train: 2 steps
  optimizer: adamw(lr: 1e-3)
  ${more}
}
`;
}
