// gate: multiplies by tanh of a learned scalar that starts at 0 (Alayrac et al. 2022, Flamingo): a new sublayer begins as nothing.

import { defineLayer } from "./define.ts";

export const gate = defineLayer({
  word: "gate",
  doc: "Multiplies the features by tanh of one learned number that starts at 0.",
  role: "stream",
  parameters: {},
  width: (_, input) => input.width,
  weights: () => ({ weight: { shape: [], initializer: { word: "zeros", arguments: {} }, decay: false } }),
  build: (c, x, _, { weight }) => c.b.multiply(x!, c.b.activate(weight, { activation: "tanh" })),
});
