// window(n): |query - key| < n.

import { abs, compare, defineMask, key, minus, number, query } from "./define.ts";

export const window = defineMask({
  word: "window",
  doc: "Keys fewer than n positions away, on both sides.",
  parameters: { n: { type: { type: "integer", minimum: 1 }, doc: "width of the window to each side, the query included", positional: true, required: true } },
  predicate: ({ n }) => compare(abs(minus(query, key)), "<", number(n)),
});
