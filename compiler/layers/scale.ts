// scale(x): features times a constant.

import { defineLayer, numberIn } from "./define.ts";

export const scale = defineLayer({
  word: "scale",
  doc: "Multiplies the features by a constant.",
  role: "stream",
  parameters: { factor: { type: { type: "number" }, doc: "the constant", positional: true, required: true } },
  width: (_, input) => input.width,
  weights: () => ({}),
  build: (c, x, args) => c.b.scale(x!, { factor: numberIn(args, "factor") }),
});
