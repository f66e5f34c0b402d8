// permute: the noised tokens in random order (deshuffling: Liu et al. 2019, Raffel et al. 2020).

import { defineInput, reordered, shuffled } from "./define.ts";

export const permute = defineInput({
  word: "permute",
  doc: "The tokens of a stretch in random order.",
  parameters: {},
  length: "tokens",
  sentinels: false,
  single: false,
  sentences: false,
  show: (stretch, { random }) => reordered(stretch, shuffled(stretch.ids.length, random)),
});
