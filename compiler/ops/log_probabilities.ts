// log_probabilities: of each row weight · (logit_target − log Σ_v e^(logit_v)): the cross-entropy's terms, negated and not yet added.
// V vocabulary. A row of weight 0 gives 0 and may hold any target (−100).
// The log-sum-exp is kept for the gradient; nothing flows back through it, nor into the weights.

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float, widthOf } from "./_shapes.ts";
import { targetRows } from "./_target_rows.ts";

export const log_probabilities = defineOp({
  name: "log_probabilities",
  doc: "Of each row weight * (logit of the target - log-sum-exp of logits [..., V]); also the log-sum-exp of each row.",
  inputs: ["logits", "targets", "weights"],
  outputs: ["log_probability", "log_sum"],
  infer({ logits, targets, weights }) {
    expectShape("log_probabilities: targets", targets, logits.shape.slice(0, -1));
    expectShape("log_probabilities: weights", weights, targets.shape);
    return [float(...targets.shape), float(...targets.shape)];
  },
  gradient: (b, { inputs: { logits, targets, weights }, outputs: [, log_sum] }, [dy]) => ({
    logits: dy === null ? null : b.cross_entropy_gradient(logits, targets, b.multiply(weights, dy), log_sum, b.constant({ shape: [], value: -1 })),
    targets: null,
    weights: null,
  }),
  flops: ({ logits }) => 6 * sizeOf(logits.shape),
  evaluate({ logits, targets, weights }, [log_probability, log_sum], _, { inputs }) {
    const V = widthOf(inputs.logits);
    for (let row = 0; row < targets.length; row++) {
      log_probability[row] = 0;
      log_sum[row] = 0;
      if (weights[row] === 0) continue;
      const from = row * V;
      let largest = -Infinity;
      for (let i = from; i < from + V; i++) if (logits[i] > largest) largest = logits[i];
      let sum = 0;
      for (let i = from; i < from + V; i++) sum += exp(logits[i] - largest);
      const log = Math.log(sum);
      log_sum[row] = largest + log;
      // The differences first: the log-sum-exp rounded to float32 would cost digits that they keep.
      log_probability[row] = weights[row] * (logits[from + targets[row]] - largest - log);
    }
  },
  lower(tf, inputs) {
    const { target, log_sum, weight } = targetRows(tf, inputs);
    const { shape } = inputs.targets;
    return [tf.reshape(tf.mul(weight, tf.sub(target, log_sum)), shape), tf.reshape(log_sum, shape)];
  },
  samples: [
    { title: "all count", inputs: { logits: { shape: [2, 3, 7] }, targets: { shape: [2, 3], dtype: "int32", range: [0, 7] }, weights: { shape: [2, 3], range: [0.5, 1.5] } }, attributes: {} },
    { title: "rows that do not count", inputs: { logits: { shape: [4, 5] }, targets: { shape: [4], dtype: "int32", values: [1, -100, 4, 99] }, weights: { shape: [4], values: [1, 0, 0.5, 0] } }, attributes: {} },
    { title: "large logits", inputs: { logits: { shape: [2, 3], values: [90, 95, -300, 100, 99, 98] }, targets: { shape: [2], dtype: "int32", values: [0, 1] }, weights: { shape: [2], values: [1, 1] } }, attributes: {} },
  ],
});
