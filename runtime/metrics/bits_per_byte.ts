// bits_per_byte: comparable between tokenizers, because it is counted per byte of the text.

import { defineLossMetric } from "./define.ts";

export const bits_per_byte = defineLossMetric({
  word: "bits_per_byte",
  doc: "bits to encode a byte of the text with the model's predictions",
  formula: "nats / ln 2 / bytes",
  better: "lower",
  value: ({ nats, bytes }) => nats / Math.LN2 / bytes,
});
