// normal(deviation): a normal distribution around 0.

import { defineInitializer } from "./define.ts";

export const normal = defineInitializer({
  word: "normal",
  doc: "A normal distribution around 0.",
  parameters: { deviation: { type: { type: "number", minimum: 0 }, doc: "standard deviation", positional: true, required: true } },
  // Box–Muller with both of its results, so two words give two elements: half the time of one at a time.
  fill(out, random, _shape, { deviation }) {
    for (let i = 0; i < out.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.unit()));
      const angle = 2 * Math.PI * random.unit();
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
  },
});
