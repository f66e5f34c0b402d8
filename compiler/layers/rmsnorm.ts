// rmsnorm (Zhang and Sennrich 2019): x / √(mean of squares + eps) · (offset + weight) over the features.

import { defineLayer, gain, numberIn } from "./define.ts";

export const rmsnorm = defineLayer({
  word: "rmsnorm",
  doc: "Divides the features of each position by their root mean square, then scales them.",
  role: "stream",
  parameters: {
    eps: { type: { type: "number", minimum: 0, exclusive: true }, doc: "added to the mean of squares", default: "1e-6" },
    offset: { type: { type: "number" }, doc: "added to the weight (Gemma: 1)", default: "0" },
  },
  width: (_, input) => input.width,
  weights: (args, input) => ({ weight: gain(input.width, numberIn(args, "offset")) }),
  build: (c, x, args, { weight }) => c.b.rmsnorm(x!, weight, { eps: numberIn(args, "eps"), offset: numberIn(args, "offset") })[0],
});
