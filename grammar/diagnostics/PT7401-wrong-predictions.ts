// PT7401: a file of predictions or references whose content is not what the metric is computed from.

import { defineDiagnostic } from "./define.ts";
import { scoreExample } from "./_score-example.ts";

export const wrongPredictions = defineDiagnostic<{ file: string; /** From 1; null for the file as a whole. */ item: number | null; wanted: string; found: string; suggestion?: string }>({
  code: "PT7401",
  slug: "wrong-predictions",
  severity: "error",
  title: "predictions or references that the metric is not computed from",
  message: ({ file, item, wanted, found }) => `${item === null ? `\`${file}\`` : `item ${item} of \`${file}\``} is ${found}, and ${wanted} is wanted`,
  hint: ({ suggestion }) => suggestion,
  page: "`pt score` reads a JSON array (`[…]`), JSON lines (a `.jsonl` file, one item a line), or plain lines: texts as they are, labels and numbers one a line, tags or numbers of one item with spaces between them. `pt explain METRIC` says what a metric is computed from.",
  failing: scoreExample("[0.5, 0.25]", "[0, 1]"),
  fixed: scoreExample("[0, 0]", "[0, 1]"),
});
