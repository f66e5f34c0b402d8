// document: the same packed document.

import { defineMask } from "./define.ts";

export const document = defineMask({
  word: "document",
  doc: "Keys of the query's own document, when several are packed into one sequence.",
  parameters: {},
  predicate: () => ({ kind: "document" }),
});
