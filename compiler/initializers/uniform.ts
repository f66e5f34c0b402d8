// uniform(limit): a uniform distribution on [-limit, limit).

import { defineInitializer } from "./define.ts";

export const uniform = defineInitializer({
  word: "uniform",
  doc: "A uniform distribution between -limit and limit.",
  parameters: { limit: { type: { type: "number", minimum: 0 }, doc: "largest magnitude", positional: true, required: true } },
  fill(out, random, _shape, { limit }) {
    for (let i = 0; i < out.length; i++) out[i] = limit * (2 * random.unit() - 1);
  },
});
