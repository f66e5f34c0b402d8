// loss: cross-entropy in nats a position.

import { defineMetric } from "./define.ts";

export const loss = defineMetric({
  word: "loss",
  doc: "mean cross-entropy of the counted positions, in nats",
  formula: "nats / count",
  better: "lower",
  value: ({ nats, count }) => nats / count,
});
