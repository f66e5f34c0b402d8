// rotate: the text begins at a token drawn uniformly (document rotation: Lewis et al. 2020).

import { defineInput, reordered } from "./define.ts";

export const rotate = defineInput({
  word: "rotate",
  doc: "The stretch rotated, so that it begins with a token drawn uniformly.",
  parameters: {},
  length: "tokens",
  sentinels: false,
  single: false,
  sentences: false,
  show: (stretch, { random }) => {
    const n = stretch.ids.length;
    const first = n === 0 ? 0 : random.below(n);
    return reordered(stretch, Array.from({ length: n }, (_, i) => (first + i) % n));
  },
});
