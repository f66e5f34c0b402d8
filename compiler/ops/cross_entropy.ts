// cross_entropy: Σ over rows of weight · (log Σ_v e^(logit_v) − logit_target), summed in float64.
// V vocabulary. A row of weight 0 costs nothing and may hold any target (−100); its log-sum-exp is given as 0.
// The log-sum-exp is kept for the gradient; nothing flows back through it, nor into the weights.

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp, type Data } from "./define.ts";
import { expectShape, float, widthOf } from "./_shapes.ts";
import { targetRows } from "./_target_rows.ts";

export const cross_entropy = defineOp({
  name: "cross_entropy",
  doc: "Sum over rows of weight * (log-sum-exp of logits [..., V] - logit of the target); also the log-sum-exp of each row.",
  inputs: ["logits", "targets", "weights"],
  outputs: ["loss_sum", "log_sum"],
  infer({ logits, targets, weights }) {
    expectShape("cross_entropy: targets", targets, logits.shape.slice(0, -1));
    expectShape("cross_entropy: weights", weights, targets.shape);
    return [float(), float(...targets.shape)];
  },
  gradient: (b, { inputs: { logits, targets, weights }, outputs: [, log_sum] }, [dloss]) => ({
    logits: dloss === null ? null : b.cross_entropy_gradient(logits, targets, weights, log_sum, dloss),
    targets: null,
    weights: null,
  }),
  flops: ({ logits }) => 6 * sizeOf(logits.shape),
  evaluate({ logits, targets, weights }, [loss_sum, log_sum], _, { inputs }) {
    const V = widthOf(inputs.logits);
    let total = 0;
    for (let row = 0; row < targets.length; row++) {
      if (weights[row] === 0) {
        log_sum[row] = 0;
        continue;
      }
      const value = logSumExp(logits, row * V, V);
      log_sum[row] = value;
      total += weights[row] * (value - logits[row * V + targets[row]]);
    }
    loss_sum[0] = total;
  },
  lower(tf, inputs) {
    const { target, log_sum, weight } = targetRows(tf, inputs);
    return [tf.sum(tf.mul(weight, tf.sub(log_sum, target))), tf.reshape(log_sum, inputs.targets.shape)];
  },
  samples: [
    { title: "all count", inputs: { logits: { shape: [2, 3, 7] }, targets: { shape: [2, 3], dtype: "int32", range: [0, 7] }, weights: { shape: [2, 3], range: [0.5, 1.5] } }, attributes: {} },
    { title: "rows without loss", inputs: { logits: { shape: [4, 5] }, targets: { shape: [4], dtype: "int32", values: [1, -100, 4, 99] }, weights: { shape: [4], values: [1, 0, 0.5, 0] } }, attributes: {} },
    { title: "no row counts", inputs: { logits: { shape: [2, 3] }, targets: { shape: [2], dtype: "int32", values: [-100, -100] }, weights: { shape: [2], values: [0, 0] } }, attributes: {} },
    { title: "large logits", inputs: { logits: { shape: [2, 3], values: [90, 95, -300, 100, 99, 98] }, targets: { shape: [2], dtype: "int32", values: [0, 1] }, weights: { shape: [2], values: [1, 1] } }, attributes: {} },
  ],
});

function logSumExp(x: Data, from: number, count: number): number {
  let largest = -Infinity;
  for (let i = from; i < from + count; i++) if (x[i] > largest) largest = x[i];
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += exp(x[i] - largest);
  return largest + Math.log(sum);
}
