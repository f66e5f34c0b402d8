// pool(first | last): one position's features for the whole sequence.

import { defineLayer } from "./define.ts";

export const pool = defineLayer({
  word: "pool",
  doc: "The features of one position: position 0 whatever stands there, or the last real token.",
  role: "pool",
  parameters: { place: { type: { type: "choice", words: { first: "position 0", last: "the last real token" } }, doc: "which position", positional: true, required: true } },
  width: (_, input) => input.width,
  weights: () => ({}),
  build: (c, x_BTD, args) => {
    if (args.place === "last") return c.b.take(x_BTD!, c.last());
    const [batch, , width] = c.b.info(x_BTD!).shape;
    return c.b.reshape(c.b.slice(x_BTD!, { axis: 1, start: 0, size: 1 }), { shape: [batch, width] });
  },
});
