// cross_entropy_gradient: dlogits = dloss · weight · (e^(logit − log_sum) − one-hot target); zero rows where the weight is 0.

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float, widthOf } from "./_shapes.ts";

export const cross_entropy_gradient = defineOp({
  name: "cross_entropy_gradient",
  doc: "dloss * weight * (softmax of logits - one-hot target).",
  inputs: ["logits", "targets", "weights", "log_sum", "dloss"],
  outputs: ["dlogits"],
  infer({ logits, targets, weights, log_sum, dloss }) {
    expectShape("cross_entropy_gradient: targets", targets, logits.shape.slice(0, -1));
    expectShape("cross_entropy_gradient: weights", weights, targets.shape);
    expectShape("cross_entropy_gradient: log_sum", log_sum, targets.shape);
    expectShape("cross_entropy_gradient: dloss", dloss, []);
    return [float(...logits.shape)];
  },
  gradient: "not differentiable",
  flops: ({ logits }) => 6 * sizeOf(logits.shape),
  evaluate({ logits, targets, weights, log_sum, dloss }, [dlogits], _, { inputs }) {
    const V = widthOf(inputs.logits);
    for (let row = 0; row < targets.length; row++) {
      const from = row * V;
      const factor = dloss[0] * weights[row];
      if (weights[row] === 0) {
        dlogits.fill(0, from, from + V);
        continue;
      }
      const shift = log_sum[row];
      for (let i = from; i < from + V; i++) dlogits[i] = factor * exp(logits[i] - shift);
      dlogits[from + targets[row]] -= factor;
    }
  },
  lower(tf, { logits, targets, weights, log_sum, dloss }) {
    const V = widthOf(logits.shape);
    const n = targets.size;
    const counts = tf.notEqual(tf.reshape(weights, [n]), 0);
    const safe = tf.cast(tf.where(counts, tf.reshape(targets, [n]), tf.zeros([n], "int32")), "int32");
    // A row without loss has log_sum 0, so its exponential could overflow: it is shifted out of reach.
    const shift = tf.where(counts, tf.reshape(log_sum, [n]), tf.fill([n], 1e30));
    const softmax = tf.exp(tf.sub(tf.reshape(logits, [n, V]), tf.reshape(shift, [n, 1])));
    const difference = tf.sub(softmax, tf.cast(tf.oneHot(safe, V), "float32"));
    return [tf.reshape(tf.mul(difference, tf.reshape(tf.mul(tf.reshape(weights, [n]), dloss), [n, 1])), logits.shape)];
  },
  samples: [
    { title: "all count", inputs: { logits: { shape: [2, 3, 7] }, targets: { shape: [2, 3], dtype: "int32", range: [0, 7] }, weights: { shape: [2, 3], range: [0.5, 1.5] }, log_sum: { shape: [2, 3], range: [2, 3] }, dloss: { shape: [], values: [0.7] } }, attributes: {} },
    { title: "rows without loss", inputs: { logits: { shape: [4, 5] }, targets: { shape: [4], dtype: "int32", values: [1, -100, 4, 99] }, weights: { shape: [4], values: [1, 0, 0.5, 0] }, log_sum: { shape: [4], values: [2, 0, 3, 0] }, dloss: { shape: [], values: [-2] } }, attributes: {} },
    { title: "large logits without loss", inputs: { logits: { shape: [2, 2], values: [1, 2, 500, 400] }, targets: { shape: [2], dtype: "int32", values: [0, -100] }, weights: { shape: [2], values: [1, 0] }, log_sum: { shape: [2], values: [2.3, 0] }, dloss: { shape: [], values: [1] } }, attributes: {} },
  ],
});
