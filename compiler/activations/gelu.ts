// gelu: x Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016).

import { defineActivation } from "./define.ts";
import { exp } from "./_exp.ts";
import { erfc } from "./_erf.ts";

const phi = (x: number): number => 0.5 * erfc(-x * Math.SQRT1_2);

export const gelu = defineActivation({
  word: "gelu",
  doc: "Gaussian error linear unit, exact.",
  formula: "x * (1 + erf(x / sqrt 2)) / 2",
  evaluate: (x) => x * phi(x),
  derivative: (x) => phi(x) + x * exp(-0.5 * x * x) * 0.3989422804014327,
  lower: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  lower_derivative: (tf, x) =>
    tf.add(tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5), tf.mul(tf.mul(x, 0.3989422804014327), tf.exp(tf.mul(tf.square(x), -0.5)))),
  flops: 20,
});
