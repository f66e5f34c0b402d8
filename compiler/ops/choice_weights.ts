// choice_weights: the probabilities of a token's choices, scaled to sum to 1: w[n, j] = p[n, c_j] / Σ_i p[n, c_i].
// N tokens, E experts, K choices of a token.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export const choice_weights = defineOp({
  name: "choice_weights",
  doc: "Entries of the rows of probabilities [N, E] at choice [N, K], scaled to sum to 1: [N, K].",
  inputs: ["probabilities", "choice"],
  outputs: ["weights"],
  infer({ probabilities, choice }) {
    expect(probabilities.shape.length === 2 && choice.shape.length === 2 && choice.shape[0] === probabilities.shape[0] && choice.dtype === "int32", `choice_weights: probabilities [${probabilities.shape}], choice [${choice.shape}]`);
    return [float(...choice.shape)];
  },
  gradient: (b, { inputs: { probabilities, choice } }, [dweights]) => ({ probabilities: dweights === null ? null : b.choice_weights_gradient(probabilities, choice, dweights), choice: null }),
  flops: (_, [weights]) => 2 * sizeOf(weights.shape),
  evaluate({ probabilities, choice }, [weights], _, { inputs: { probabilities: [, E], choice: [N, K] } }) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let j = n * K; j < (n + 1) * K; j++) sum += probabilities[n * E + choice[j]];
      for (let j = n * K; j < (n + 1) * K; j++) weights[j] = probabilities[n * E + choice[j]] / sum;
    }
  },
  lower(tf, { probabilities, choice }) {
    const [N, K] = choice.shape as [number, number];
    const chosen = tf.sum(tf.mul(tf.reshape(tf.oneHot(tf.cast(tf.reshape(choice, [N * K]), "int32"), probabilities.shape[1]!), [N, K, probabilities.shape[1]!]), tf.reshape(probabilities, [N, 1, probabilities.shape[1]!])), 2);
    return [tf.div(chosen, tf.sum(chosen, 1, true))];
  },
  samples: [
    { title: "two of three", inputs: { probabilities: { shape: [4, 3], range: [0.1, 1] }, choice: { shape: [4, 2], dtype: "int32", values: [0, 2, 1, 0, 2, 1, 1, 2] } }, attributes: {} },
    { title: "one of two", inputs: { probabilities: { shape: [2, 2], range: [0.1, 1] }, choice: { shape: [2, 1], dtype: "int32", values: [1, 0] } }, attributes: {} },
  ],
});
