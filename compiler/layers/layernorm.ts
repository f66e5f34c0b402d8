// layernorm (Ba et al. 2016): (x - mean) / √(variance + eps) · weight + bias over the features.

import { biasOf, defineLayer, gain, isOn, numberIn } from "./define.ts";

export const layernorm = defineLayer({
  word: "layernorm",
  doc: "Normalises the features of each position to mean 0 and variance 1, then scales and shifts them.",
  role: "stream",
  parameters: {
    eps: { type: { type: "number", minimum: 0, exclusive: true }, doc: "added to the variance", default: "1e-5" },
    bias: { type: { type: "switch" }, doc: "learn a shift", default: "on" },
  },
  width: (_, input) => input.width,
  weights: (args, input) => ({ weight: gain(input.width), ...(isOn(args, "bias") ? { bias: biasOf(input.width) } : {}) }),
  build: (c, x, args, { weight, bias }) => c.b.layernorm(x!, weight, bias ?? null, { eps: numberIn(args, "eps") })[0],
});
