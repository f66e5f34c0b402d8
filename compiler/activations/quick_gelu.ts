// quick_gelu: x σ(1.702 x) (CLIP's approximation of gelu).

import { defineActivation } from "./define.ts";
import { exp } from "./_exp.ts";

export const quick_gelu = defineActivation({
  word: "quick_gelu",
  doc: "Sigmoid approximation of gelu.",
  formula: "x * sigmoid(1.702 * x)",
  evaluate: (x) => x / (1 + exp(-1.702 * x)),
  derivative(x) {
    const s = 1 / (1 + exp(-1.702 * x));
    return s + 1.702 * x * s * (1 - s);
  },
  lower: (tf, x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))),
  lower_derivative(tf, x) {
    const s = tf.sigmoid(tf.mul(x, 1.702));
    return tf.add(s, tf.mul(tf.mul(x, 1.702), tf.mul(s, tf.sub(1, s))));
  },
  flops: 7,
});
