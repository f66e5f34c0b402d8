// loss: cross-entropy in nats a position.

import { defineLossMetric } from "./define.ts";

export const loss = defineLossMetric({
  word: "loss",
  doc: "mean cross-entropy of the counted positions, in nats",
  formula: "nats / count",
  better: "lower",
  value: ({ nats, count }) => nats / count,
});
