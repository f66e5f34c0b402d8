// tanh: hyperbolic tangent.

import { defineActivation } from "./define.ts";

export const tanh = defineActivation({
  word: "tanh",
  doc: "Hyperbolic tangent.",
  formula: "tanh(x)",
  evaluate: (x) => Math.tanh(x),
  derivative(x) {
    const y = Math.tanh(x);
    return 1 - y * y;
  },
  lower: (tf, x) => tf.tanh(x),
  lower_derivative: (tf, x) => tf.sub(1, tf.square(tf.tanh(x))),
  flops: 8,
});
