// PT8011: a run cannot start from the weights of another.

import { defineDiagnostic } from "./define.ts";
import { runExample } from "./_run-example.ts";

const texts = { "texts/a.txt": "Call me Ishmael. Some years ago, never mind how long precisely.\n".repeat(4), "texts/b.txt": "There now is your insular city of the Manhattoes, belted round by wharves.\n".repeat(4) };
const halves = (model: string): string => runExample({ more: `}\npretrain longer from small {\n  model: tiny(${model})\n  data: novels\n  objective: causal_lm\n  batch: 2 examples\n  train: 1 steps\n  optimizer: sgd(lr: 1e-3)` }).replace("train: 10 steps", "train: 1 steps").replace("train: 90%  valid: 10%", "by: position  train: 90%  valid: 10%");

export const missingWeights = defineDiagnostic<{ run: string; folder: string; problem: string }>({
  code: "PT8011",
  slug: "missing-weights",
  severity: "error",
  title: "A run cannot start from the weights of another.",
  message: ({ run, problem }) => `the weights of \`${run}\` do not fit: ${problem}`,
  hint: ({ folder }) => `they were looked for in \`${folder}\``,
  page: "`from` loads weights by name and shape from a checkpoint. New heads are fresh; a tensor of the same name and another shape is an error, because a part of the model would silently start anew.",
  failing: { files: { "main.pt": halves("width: 16"), ...texts }, command: ["train", "main.pt", "longer"] },
  fixed: { files: { "main.pt": halves(""), ...texts }, command: ["train", "main.pt", "longer"] },
});
