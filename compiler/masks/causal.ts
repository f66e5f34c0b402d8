// causal: key <= query.

import { compare, defineMask, key, query } from "./define.ts";

export const causal = defineMask({
  word: "causal",
  doc: "A query attends to itself and to what stands before it.",
  parameters: {},
  predicate: () => compare(key, "<=", query),
});
