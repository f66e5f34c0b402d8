// A small fine-tuning that writes texts, for examples that change one thing in it.

export interface TextExample {
  readonly columns?: string;
  readonly format?: string;
  readonly data?: string;
  readonly task?: string;
  readonly declarations?: string;
  /** Starts from a pretraining. */
  readonly from?: boolean;
  readonly more?: string;
  readonly length?: number;
}

export function textSpec({ columns = 'text: string  label: class(labels: ["no", "yes"])', format = "csv", data = "notes", task = 'text_to_text("{text}" -> "{label}")', declarations = "", from = false, more = "", length = 32 }: TextExample = {}): string {
  return `model writer(vocab, width = 8) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(32)
    residual { layernorm attention(2, mask: causal) }
    layernorm
  }
  head lm { tied }
}
data notes { files: "notes.${format}"  format: ${format}  columns { ${columns} } }
data others { files: "others.${format}"  format: ${format}  columns { ${columns} } }
tokenizer letters { kind: bytes  special: [<pad>, <bos>, <eos>] }
${declarations}${from ? `data prose { files: "prose.txt" }
pretrain base { model: writer()  tokenizer: letters  data: prose  objective: causal_lm  length: 16  batch: 2 examples  train: 2 steps  optimizer: adamw(lr: 1e-3) }
` : ""}finetune tuned${from ? " from base" : ""} {
  model: writer()
  tokenizer: letters
  data: ${data}
  task: ${task}
  length: ${length}
  batch: 2 examples
  train: 2 steps
  optimizer: adamw(lr: 1e-3)
  ${more}
}
`;
}
