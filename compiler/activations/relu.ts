// relu: max(x, 0).

import { defineActivation } from "./define.ts";

export const relu = defineActivation({
  word: "relu",
  doc: "Rectifier.",
  formula: "max(x, 0)",
  evaluate: (x) => (x > 0 ? x : 0),
  derivative: (x) => (x > 0 ? 1 : 0),
  lower: (tf, x) => tf.relu(x),
  lower_derivative: (tf, x) => tf.cast(tf.greater(x, 0), "float32"),
  flops: 1,
});
