// A small fine-tuning that checks and trains, for examples that change one thing in it.

import type { Example } from "./define.ts";

export interface TaskExample {
  readonly columns?: string;
  readonly split?: string;
  readonly task?: string;
  readonly tokenizer?: string;
  readonly model?: string;
  /** Further lines of the run. */
  readonly more?: string;
  readonly length?: number;
  readonly declarations?: string;
}

/** Rows that the columns `text` and `label` fit. */
export const taskRows = "text,label\ngood day,yes\nbad night,no\ngood night,yes\nbad day,no\ngood sea,yes\nbad sea,no\n";

export function taskSpec({ columns = "text: string  label: class", split = "", task = "classify(text, label)", tokenizer = "<pad>, <cls>, <sep>", model = "reader()", more = "", length = 16, declarations = "" }: TaskExample = {}): string {
  return `model reader(vocab, width = 8) {
  encoder {
    embed: tokens(vocab, width) + learned_positions(32)
    residual { layernorm attention(2, mask: full) }
    layernorm
  }
}
data notes { files: "notes.csv"  format: csv  columns { ${columns} }  ${split} }
tokenizer letters { kind: bytes  special: [${tokenizer}] }
${declarations}finetune sorted {
  model: ${model}
  tokenizer: letters
  data: notes
  task: ${task}
  length: ${length}
  batch: 2 examples
  train: 2 steps
  optimizer: adamw(lr: 1e-3)
  ${more}
}
`;
}

export function taskExample(parts: TaskExample = {}, rows = taskRows, beside: Readonly<Record<string, string>> = {}, command: readonly string[] = ["train", "main.pt", "sorted"]): Example {
  return { files: { "main.pt": taskSpec(parts), "notes.csv": rows, ...beside }, command };
}
