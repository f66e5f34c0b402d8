// permute_sentences: the sentences of the text in random order (sentence permutation: Lewis et al. 2020).

import { defineInput, reordered, shuffled } from "./define.ts";

export const permute_sentences = defineInput({
  word: "permute_sentences",
  doc: "The sentences of a stretch in random order, each whole.",
  parameters: {},
  length: "tokens",
  sentinels: false,
  single: false,
  sentences: true,
  show: (stretch, { random }) => {
    const begins = stretch.sentences();
    const list: number[][] = [];
    for (let i = 0; i < stretch.ids.length; i++) {
      if (i === 0 || begins[i]) list.push([i]);
      else list.at(-1)!.push(i);
    }
    return reordered(stretch, shuffled(list.length, random).flatMap((i) => list[i]));
  },
});
