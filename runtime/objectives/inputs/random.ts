// random: another token, each of the vocabulary's ordinary ones equally likely.

import { defineInput } from "./define.ts";

export const random = defineInput({
  word: "random",
  doc: "A random token for each noised one; never a special token.",
  parameters: {},
  length: "tokens",
  sentinels: false,
  single: true,
  sentences: false,
  show: ({ ids }, { random: stream, ordinary }) => ({ ids: Array.from(ids, () => ordinary[stream.below(ordinary.length)]), source: Array.from(ids, (_, i) => i) }),
});
