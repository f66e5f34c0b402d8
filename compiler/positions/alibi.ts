// alibi (Press et al. 2022): scores fall with the distance from query to key, by a slope of each head.

import { definePosition } from "./define.ts";

export const alibi = definePosition({
  word: "alibi",
  doc: "A penalty on the scores that grows with the distance, by a slope of each head; nothing is learned.",
  parameters: {},
  bias: (b, { heads, queries, keys, offset }) => b.alibi(offset, { heads, queries, keys }),
});
