// global(n): key < n | query < n (Longformer, Beltagy et al. 2020: global tokens).

import { compare, defineMask, key, number, or, query } from "./define.ts";

export const global = defineMask({
  word: "global",
  doc: "The first n positions see and are seen by all.",
  parameters: { n: { type: { type: "integer", minimum: 1 }, doc: "how many leading positions are global", positional: true, required: true } },
  predicate: ({ n }) => or(compare(key, "<", number(n)), compare(query, "<", number(n))),
});
