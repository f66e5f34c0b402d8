// PT5094: choices that do not fit the answer.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

export const unfitChoices = defineDiagnostic<{ problem: string; instead: string }>({
  code: "PT5094",
  slug: "unfit-choices",
  severity: "error",
  title: "choices that do not fit the answer",
  message: ({ problem }) => `these choices do not fit: ${problem}`,
  hint: ({ instead }) => instead,
  page: "A choice takes the place of the one hole of the answer: with `\"… \" -> \"{label}\"` and `choices: [\"yes\", \"no\"]` the likelihoods of `yes` and of `no` are compared. The right one is the choice with the text of the row. Where choices differ from row to row, as `[\"{first}\", \"{second}\"]` or a column of type `words`, a column of type `class` tells the number of the right one.",
  failing: evaluationSpec({ columns: 'english: string  french: class(labels: ["a", "b"])', more: 'choices: ["a", "c"]', metrics: "[accuracy]" }),
  fixed: evaluationSpec({ columns: 'english: string  french: class(labels: ["a", "b"])', more: 'choices: ["a", "b"]', metrics: "[accuracy]" }),
});
