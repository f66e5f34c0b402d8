// silu: x σ(x) (Elfwing et al. 2017; also called swish).

import { defineActivation } from "./define.ts";
import { exp } from "./_exp.ts";

export const silu = defineActivation({
  word: "silu",
  doc: "Sigmoid linear unit.",
  formula: "x * sigmoid(x)",
  evaluate: (x) => x / (1 + exp(-x)),
  derivative(x) {
    const s = 1 / (1 + exp(-x));
    return s + x * s * (1 - s);
  },
  lower: (tf, x) => tf.mul(x, tf.sigmoid(x)),
  lower_derivative(tf, x) {
    const s = tf.sigmoid(x);
    return tf.add(s, tf.mul(x, tf.mul(s, tf.sub(1, s))));
  },
  flops: 6,
});
