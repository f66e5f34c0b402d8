// PT7403: no predictions.

import { defineDiagnostic } from "./define.ts";
import { scoreExample } from "./_score-example.ts";

export const nothingToScore = defineDiagnostic<{ file: string }>({
  code: "PT7403",
  slug: "nothing-to-score",
  severity: "error",
  title: "nothing to score",
  message: ({ file }) => `\`${file}\` has no items`,
  page: "A metric of nothing has no value: the file is empty, or an empty array.",
  failing: scoreExample("[]", "[]"),
  fixed: scoreExample("[1]", "[0]"),
});
