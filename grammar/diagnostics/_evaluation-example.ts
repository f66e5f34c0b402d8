// The small evaluation that examples vary: a run, a table of pairs, and prompts about them.

import type { Example } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export interface EvaluationExample {
  readonly columns?: string;
  /** The `split` of the pairs, if any. */
  readonly split?: string;
  readonly data?: string;
  readonly prompt?: string;
  readonly metrics?: string;
  /** Further fields. */
  readonly more?: string;
  readonly of?: string;
  readonly run?: string;
}

export function evaluationSpec({ columns = "english: string  french: string", split = "", data = split ? "pairs.test" : "pairs", prompt = '"English: {english}\\nFrench: " -> "{french}"', metrics = "[exact_match]", more = "", of = " of small", run = smallRun }: EvaluationExample = {}): string {
  return `${run}data pairs { files: "pairs.jsonl"  format: jsonl  columns { ${columns} }${split ? `  ${split}` : ""} }
evaluate translate${of} {
  data: ${data}
  prompt: ${prompt}
  metrics: ${metrics}${more ? `\n  ${more}` : ""}
}
`;
}

const rows = [["one", "un"], ["two", "deux"], ["three", "trois"], ["four", "quatre"], ["five", "cinq"], ["six", "six"]];

/** The same with its files, trained for one step where it is run, and the commands that run it. */
export function evaluationFiles(example: EvaluationExample = {}, pairs: readonly object[] = rows.map(([english, french]) => ({ english, french }))): Example["files"] {
  const run = smallRun.replace("texts/*.txt", "novel.txt").replace("train: 90%  valid: 10%", "by: position  train: 90%  valid: 10%").replace("length: 16", "length: 48").replace("train: 10 steps", "train: 1 steps");
  return { "main.pt": evaluationSpec({ run, ...example }), "novel.txt": "Call me Ishmael. Some years ago, never mind how long precisely.\n".repeat(40), "pairs.jsonl": pairs.map((row) => `${JSON.stringify(row)}\n`).join("") };
}
