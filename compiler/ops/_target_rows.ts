// Rows of logits with one target each, in TensorFlow.js: their log-sum-exps and the logits of their targets.
// V vocabulary. A row of weight 0 may hold any target (−100); both are 0 for it.

import { widthOf } from "./_shapes.ts";
import type { Tensor, Tf } from "./define.ts";

/** All of shape [n], for logits [..., V] with n targets. */
export function targetRows(tf: Tf, { logits, targets, weights }: { readonly logits: Tensor; readonly targets: Tensor; readonly weights: Tensor }): { readonly target: Tensor; readonly log_sum: Tensor; readonly weight: Tensor } {
  const V = widthOf(logits.shape);
  const n = targets.size;
  const flat = tf.reshape(logits, [n, V]);
  const weight = tf.reshape(weights, [n]);
  const counts = tf.notEqual(weight, 0);
  const safe = tf.cast(tf.where(counts, tf.reshape(targets, [n]), tf.zeros([n], "int32")), "int32");
  return {
    target: tf.sum(tf.mul(flat, tf.cast(tf.oneHot(safe, V), "float32")), 1),
    log_sum: tf.where(counts, tf.logSumExp(flat, 1), tf.zeros([n])),
    weight,
  };
}
