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
  page: "`pt score` reads a JSON array (`[…]`), JSON lines (a `.jsonl` file, one item a line), or plain lines: texts as they are, labels and numbers one a line, tags or numbers of one item with spaces between them. `pt explain METRIC` says what a metric is computed from: `labels` are texts or whole numbers; `numbers`; `texts`, whose references may be lists of right texts; `tags` are a list for each sequence; `scores` are a list of numbers for each query, and the reference is the place of the right one, from 0; `losses` are a list in nats for each text, `null` where a token does not count, and the reference is the text.",
  failing: scoreExample("[0.5, 0.25]", "[0, 1]"),
  fixed: scoreExample("[0, 0]", "[0, 1]"),
});
