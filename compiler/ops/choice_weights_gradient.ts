// choice_weights_gradient: dp[n, c_j] = Σ_i w[n, i] (dw[n, j] − dw[n, i]) / Σ_i p[n, c_i], 0 elsewhere; exactly 0 for one choice.
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
  flops: ({ choice }) => 3 * sizeOf(choice.shape) * choice.shape[1],
  evaluate({ probabilities, choice, dweights }, [dprobabilities], _, { inputs: { probabilities: [, E], choice: [N, K] } }) {
    dprobabilities.fill(0);
    for (let n = 0; n < N; n++) {
      const [from, to] = [n * K, (n + 1) * K];
      let sum = 0;
      for (let j = from; j < to; j++) sum += probabilities[n * E + choice[j]];
      for (let j = from; j < to; j++) {
        let change = 0;
        for (let i = from; i < to; i++) change += probabilities[n * E + choice[i]] * (dweights[j] - dweights[i]);
        dprobabilities[n * E + choice[j]] = change / (sum * sum);
      }
    }
  },
  lower(tf, { probabilities, choice, dweights }) {
    const [N, K] = choice.shape as [number, number];
    const E = probabilities.shape[1]!;
    const places = tf.reshape(tf.oneHot(tf.cast(tf.reshape(choice, [N * K]), "int32"), E), [N, K, E]);
    const chosen = tf.sum(tf.mul(places, tf.reshape(probabilities, [N, 1, E])), 2);
    const sum = tf.sum(chosen, 1, true);
    const differences = tf.sub(tf.reshape(dweights, [N, K, 1]), tf.reshape(dweights, [N, 1, K]));
    const each = tf.div(tf.sum(tf.mul(tf.reshape(chosen, [N, 1, K]), differences), 2), tf.square(sum));
    return [tf.sum(tf.mul(places, tf.reshape(each, [N, K, 1])), 1)];
  },
  samples: [
    { title: "two of three", inputs: { probabilities: { shape: [4, 3], range: [0.1, 1] }, choice: { shape: [4, 2], dtype: "int32", values: [0, 2, 1, 0, 2, 1, 1, 2] }, dweights: { shape: [4, 2] } }, attributes: {} },
    { title: "one of two", inputs: { probabilities: { shape: [2, 2], range: [0.1, 1] }, choice: { shape: [2, 1], dtype: "int32", values: [1, 0] }, dweights: { shape: [2, 1] } }, attributes: {} },
  ],
});
