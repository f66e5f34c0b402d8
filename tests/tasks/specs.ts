// Small fine-tunings of every task on every kind of architecture, with the few rows that they learn by heart.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const models = {
  encoder: `model tiny(vocab, width = 32) {
  encoder { embed: tokens(vocab, width) + learned_positions(40) + segments(2)
    repeat 2 { residual { layernorm attention(2, mask: full) } residual { layernorm mlp(64, gelu) } } layernorm }
}`,
  decoder: `model tiny(vocab, width = 32) {
  decoder { embed: tokens(vocab, width) + learned_positions(40)
    repeat 2 { residual { layernorm attention(2, mask: causal) } residual { layernorm mlp(64, gelu) } } layernorm }
}`,
  encoder_decoder: `model tiny(vocab, width = 32) {
  encoder { embed: tokens(vocab, width) + learned_positions(40)
    residual { layernorm attention(2, mask: full) } residual { layernorm mlp(64, gelu) } layernorm }
  decoder { embed: tokens(vocab, width) + learned_positions(40)
    residual { layernorm attention(2, mask: causal) } residual { layernorm cross_attention(encoder, 2) } residual { layernorm mlp(64, gelu) } layernorm }
}`,
} as const;
export type Architecture = keyof typeof models;
export const architectures = Object.keys(models) as Architecture[];

export interface TaskCase { readonly task: string; readonly columns: string; readonly rows: readonly object[] }

export const cases: Readonly<Record<string, TaskCase>> = {
  classify: {
    task: "classify(text, label)", columns: 'text: string  label: class(labels: ["no", "yes", "so"])',
    rows: [{ text: "the sea", label: "yes" }, { text: "a whale", label: "no" }, { text: "old ship", label: "so" }, { text: "", label: "yes" }],
  },
  pairs: {
    task: "classify([first, second], label)", columns: 'first: string  second: string  label: class(labels: ["no", "yes"])',
    rows: [{ first: "sea", second: "ship", label: "yes" }, { first: "ship", second: "sea", label: "no" }, { first: "cat", second: "dog", label: "no" }, { first: "dog", second: "cat", label: "yes" }],
  },
  regress: {
    task: "regress(text, score)", columns: "text: string  score: number",
    rows: [{ text: "the sea", score: 1.5 }, { text: "a whale", score: -2 }, { text: "old ship", score: 0 }, { text: "rope", score: 3 }],
  },
  tag: {
    task: "tag(words, tags)", columns: "words: words  tags: tags(labels: [\"D\", \"N\", \"V\"])",
    rows: [{ words: ["the", "cat", "ran"], tags: ["D", "N", "V"] }, { words: ["dogs", "eat"], tags: ["N", "V"] }, { words: ["a", "sea"], tags: ["D", "N"] }, { words: ["go"], tags: ["V"] }],
  },
  answer: {
    task: "answer(question, context, answers, no_answer: on)", columns: "question: string  context: string  answers: answers",
    rows: [
      { question: "who?", context: "Ahab saw it", answers: { text: ["Ahab"], answer_start: [0] } }, { question: "what?", context: "the whale fled", answers: ["whale"] },
      { question: "how?", context: "he ran fast", answers: ["fast"] }, { question: "why?", context: "no one knew", answers: [] },
    ],
  },
};

export function specOf(architecture: Architecture, { task, columns }: TaskCase, more = "", from = ""): string {
  return `${models[architecture]}
data d { files: "data.jsonl"  format: jsonl  columns { ${columns} } }
data again { files: "again.jsonl"  format: jsonl  columns { ${columns} } }
tokenizer t { kind: bytes  special: [<pad>, <unk>, <cls>, <sep>, <bos>, <eos>] }
finetune small${from} { model: tiny()  tokenizer: t  data: d  task: ${task}  length: 32  batch: 4 examples  train: 60 steps  optimizer: adamw(lr: 1e-2, weight_decay: 0)  evaluate { data: again }  ${more} }
`;
}

/** A folder with the rows of a case. */
export function folderOf({ rows }: Pick<TaskCase, "rows">): string {
  const folder = mkdtempSync(join(tmpdir(), "pt-tasks-"));
  // The rows that are learned by heart are asked again.
  for (const name of ["data.jsonl", "again.jsonl"]) writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return folder;
}
