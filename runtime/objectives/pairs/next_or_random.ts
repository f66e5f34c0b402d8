// next_or_random: next-sentence prediction (Devlin et al. 2019, section 3.1): half of the seconds come from elsewhere.

import { definePair } from "./define.ts";

export const next_or_random = definePair({
  word: "next_or_random",
  doc: "Two texts of which the second follows the first (class 0) or, half of the time, is from elsewhere (class 1).",
  parameters: {},
  with: "text",
  tokens: ["cls", "sep"],
  classes: 2,
  strangers: true,
  draw: ({ first, second, stranger }, random) => (random.unit() < 0.5 ? { a: first, b: second, label: 0 } : { a: first, b: stranger(), label: 1 }),
});
