// sinusoidal_positions (Vaswani et al. 2017, section 3.5): sines and cosines of wavelengths from 2π to 10000 · 2π.

import { defineLayer } from "./define.ts";

export const sinusoidal_positions = defineLayer({
  word: "sinusoidal_positions",
  doc: "Sines and cosines of the position, for any length; nothing is learned.",
  role: "embedding",
  parameters: {},
  width: (_, input) => input.width,
  weights: () => ({}),
  build: (c, _, __, ___) => c.b.sinusoids(c.field("positions"), { width: c.streamWidth }),
});
