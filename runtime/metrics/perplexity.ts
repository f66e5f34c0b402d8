// perplexity: e to the mean cross-entropy, the number of equally likely tokens that would be as hard to guess.

import { defineLossMetric } from "./define.ts";

export const perplexity = defineLossMetric({
  word: "perplexity",
  doc: "e to the power of the loss",
  formula: "exp(nats / count)",
  better: "lower",
  value: ({ nats, count }) => Math.exp(nats / count),
});
