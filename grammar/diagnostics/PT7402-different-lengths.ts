// PT7402: not as many predictions as references.

import { defineDiagnostic } from "./define.ts";
import { scoreExample } from "./_score-example.ts";

export const differentLengths = defineDiagnostic<{ predictions: number; references: number; /** What is counted. */ what: string; /** From 1, where it is the lengths of one item that differ. */ item: number | null }>({
  code: "PT7402",
  slug: "different-lengths",
  severity: "error",
  title: "not as many predictions as references",
  message: ({ predictions, references, what, item }) => `${item === null ? "" : `item ${item}: `}${predictions} ${what} predicted, and ${references} in the references`,
  page: "Prediction i is compared with reference i, so both files have the same number of items, and tag sequences the same number of tags. Several right texts for one prediction are a list in its place: `[\"yes\", [\"no\", \"nope\"]]`.",
  failing: scoreExample("[0, 1, 1]", "[0, 1]"),
  fixed: scoreExample("[0, 1]", "[0, 1]"),
});
