// gelu_tanh: x/2 (1 + tanh u), u = √(2/π) (x + 0.044715 x³): GPT's approximation of gelu.
// Computed as x / (1 + e^(−2u)), the same function: one exponential, and no cancellation for negative x.

import type { Tensor, Tf } from "../ops/define.ts";
import { defineActivation } from "./define.ts";
import { exp } from "./_exp.ts";

const c = 0.7978845608028654;

export const gelu_tanh = defineActivation({
  word: "gelu_tanh",
  doc: "Tanh approximation of gelu (`gelu_new`).",
  formula: "x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))",
  evaluate: (x) => x / (1 + exp(-2 * c * x * (1 + 0.044715 * x * x))),
  derivative(x) {
    const s = 1 / (1 + exp(-2 * c * x * (1 + 0.044715 * x * x)));
    return s + x * s * (1 - s) * 2 * c * (1 + 0.134145 * x * x);
  },
  lower: (tf, x) => tf.mul(x, sigmoid(tf, x)),
  lower_derivative(tf, x) {
    const s = sigmoid(tf, x);
    const slope = tf.mul(tf.add(tf.mul(tf.square(x), 0.134145), 1), 2 * c);
    return tf.add(s, tf.mul(tf.mul(x, slope), tf.mul(s, tf.sub(1, s))));
  },
  flops: 12,
});

function sigmoid(tf: Tf, x: Tensor): Tensor {
  return tf.sigmoid(tf.mul(tf.mul(x, 2 * c), tf.add(tf.mul(tf.square(x), 0.044715), 1)));
}
