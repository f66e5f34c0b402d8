// prefix: key < prefix or key <= query (T5's prefix LM).

import { compare, defineMask, key, or, prefixLength, query } from "./define.ts";

export const prefix = defineMask({
  word: "prefix",
  doc: "Full within an example's prefix, causal after it.",
  parameters: {},
  predicate: () => or(compare(key, "<", prefixLength), compare(key, "<=", query)),
});
