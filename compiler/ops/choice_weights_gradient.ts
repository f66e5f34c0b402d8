// choice_weights_gradient: dp[n, c_j] = (dw[n, j] − Σ_i w[n, i] dw[n, i]) / Σ_i p[n, c_i], 0 elsewhere.
// N tokens, E experts, K choices of a token.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float } from "./_shapes.ts";

export const choice_weights_gradient = defineOp({
  name: "choice_weights_gradient",
  doc: "Gradient of choice_weights for its probabilities [N, E].",
  inputs: ["probabilities", "choice", "dweights"],
  outputs: ["dprobabilities"],
  infer({ probabilities, choice, dweights }) {
    expectShape("choice_weights_gradient: dweights", dweights, choice.shape);
    return [float(...probabilities.shape)];
  },
  gradient: "not differentiable",
  flops: ({ choice }) => 6 * sizeOf(choice.shape),
  evaluate({ probabilities, choice, dweights }, [dprobabilities], _, { inputs: { probabilities: [, E], choice: [N, K] } }) {
    dprobabilities.fill(0);
    for (let n = 0; n < N; n++) {
      let sum = 0;
      let products = 0;
      for (let j = n * K; j < (n + 1) * K; j++) {
        const p = probabilities[n * E + choice[j]];
        sum += p;
        products += p * dweights[j];
      }
      for (let j = n * K; j < (n + 1) * K; j++) dprobabilities[n * E + choice[j]] = (dweights[j] - products / sum) / sum;
    }
  },
  lower(tf, { probabilities, choice, dweights }) {
    const [N, K] = choice.shape as [number, number];
    const E = probabilities.shape[1]!;
    const places = tf.reshape(tf.oneHot(tf.cast(tf.reshape(choice, [N * K]), "int32"), E), [N, K, E]);
    const chosen = tf.sum(tf.mul(places, tf.reshape(probabilities, [N, 1, E])), 2);
    const sum = tf.sum(chosen, 1, true);
    const each = tf.div(tf.sub(dweights, tf.div(tf.sum(tf.mul(chosen, dweights), 1, true), sum)), sum);
    return [tf.sum(tf.mul(places, tf.reshape(each, [N, K, 1])), 1)];
  },
  samples: [
    { title: "two of three", inputs: { probabilities: { shape: [4, 3], range: [0.1, 1] }, choice: { shape: [4, 2], dtype: "int32", values: [0, 2, 1, 0, 2, 1, 1, 2] }, dweights: { shape: [4, 2] } }, attributes: {} },
    { title: "one of two", inputs: { probabilities: { shape: [2, 2], range: [0.1, 1] }, choice: { shape: [2, 1], dtype: "int32", values: [1, 0] }, dweights: { shape: [2, 1] } }, attributes: {} },
  ],
});
