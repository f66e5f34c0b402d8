// byte_perplexity: perplexity counted per byte, comparable between tokenizers.

import { defineLossMetric } from "./define.ts";

export const byte_perplexity = defineLossMetric({
  word: "byte_perplexity",
  doc: "number of equally likely bytes that would be as hard to guess as a byte of the text",
  formula: "exp(nats / bytes)",
  better: "lower",
  value: ({ nats, bytes }) => Math.exp(nats / bytes),
});
