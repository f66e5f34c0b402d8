// squared_relu: max(x, 0)² (So et al. 2021, Primer).

import { defineActivation } from "./define.ts";

export const squared_relu = defineActivation({
  word: "squared_relu",
  doc: "Square of the rectifier.",
  formula: "max(x, 0)^2",
  evaluate: (x) => (x > 0 ? x * x : 0),
  derivative: (x) => (x > 0 ? 2 * x : 0),
  lower: (tf, x) => tf.square(tf.relu(x)),
  lower_derivative: (tf, x) => tf.mul(tf.relu(x), 2),
  flops: 2,
});
