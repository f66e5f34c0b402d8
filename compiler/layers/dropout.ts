// dropout(rate) (Srivastava et al. 2014): in training each feature is zeroed with this probability, the rest scaled up.

import { wordOf } from "../random.ts";
import { defineLayer, numberIn, siteOf } from "./define.ts";

export const dropout = defineLayer({
  word: "dropout",
  doc: "Zeroes features at random in training, and scales the others by 1 / (1 - rate).",
  role: "stream",
  parameters: { rate: { type: { type: "rate", maximum: 0.999 }, doc: "share that is zeroed", positional: true, required: true } },
  width: (_, input) => input.width,
  weights: () => ({}),
  build: (c, x, args) => {
    const rate = numberIn(args, "rate");
    return rate && c.random !== null ? c.b.dropout(x!, c.random, { rate, site: siteOf(wordOf(c.path)) }) : x!;
  },
});
