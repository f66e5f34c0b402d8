// PT8011: a run cannot start from the weights of another.

import { defineDiagnostic } from "./define.ts";
import { runExample } from "./_run-example.ts";

export const missingWeights = defineDiagnostic<{ run: string; folder: string; problem: string }>({
  code: "PT8011",
  slug: "missing-weights",
  severity: "error",
  title: "A run cannot start from the weights of another.",
  message: ({ run, problem }) => `the weights of \`${run}\` do not fit: ${problem}`,
  hint: ({ folder }) => `they were looked for in \`${folder}\``,
  page: "`from` loads weights by name and shape from a checkpoint. New heads are fresh; a tensor of the same name and another shape is an error, because a part of the model would silently start anew.",
  failing: { files: { "main.pt": runExample() }, command: ["train", "plan-of-a-run-that-starts-from-another.json"] },
  fixed: runExample(),
});
