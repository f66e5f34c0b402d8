// kl_divergence: Σ over rows of weight · T² · Σ_v p_v (log p_v − log q_v), with p = softmax(teacher_logits / T) and
// q = softmax(logits / T), summed in float64. T² keeps the gradient's size whatever T is (Hinton et al. 2015, section 2).
// V vocabulary. A row of weight 0 costs nothing; its log-sum-exps are given as 0.
// Those of the softened logits are kept for the gradient. Nothing flows back through them, into the weights or into the teacher.

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp, type Data } from "./define.ts";
import { expectShape, float, rowsOf, widthOf } from "./_shapes.ts";

export type KlDivergenceAttributes = { readonly temperature: number };

export const kl_divergence = defineOp({
  name: "kl_divergence",
  doc: "Sum over rows of weight * T^2 * the Kullback-Leibler divergence of softmax(teacher_logits / T) from softmax(logits / T), both [..., V]; also the log-sum-exp of each row of both.",
  inputs: ["logits", "teacher_logits", "weights"],
  outputs: ["divergence_sum", "log_sum", "teacher_log_sum"],
  infer({ logits, teacher_logits, weights }, _attributes: KlDivergenceAttributes) {
    expectShape("kl_divergence: teacher_logits", teacher_logits, logits.shape);
    expectShape("kl_divergence: weights", weights, logits.shape.slice(0, -1));
    return [float(), float(...weights.shape), float(...weights.shape)];
  },
  gradient: (b, { inputs: { logits, teacher_logits, weights }, outputs: [, log_sum, teacher_log_sum], attributes }, [dsum]) => ({
    logits: dsum === null ? null : b.kl_divergence_gradient(logits, teacher_logits, weights, log_sum, teacher_log_sum, dsum, attributes),
    teacher_logits: null,
    weights: null,
  }),
  flops: ({ logits }) => 12 * sizeOf(logits.shape),
  evaluate({ logits, teacher_logits, weights }, [divergence_sum, log_sum, teacher_log_sum], { temperature }, { inputs }) {
    const V = widthOf(inputs.logits);
    let total = 0;
    for (let row = 0; row < weights.length; row++) {
      if (weights[row] === 0) {
        log_sum[row] = 0;
        teacher_log_sum[row] = 0;
        continue;
      }
      const from = row * V;
      const [own, other] = [softLogSumExp(logits, from, V, temperature), softLogSumExp(teacher_logits, from, V, temperature)];
      // Σ p (log p − log q) = Σ p (t − s) / T + log_sum − teacher_log_sum.
      let divergence = own - other;
      for (let i = from; i < from + V; i++) divergence += exp(teacher_logits[i] / temperature - other) * ((teacher_logits[i] - logits[i]) / temperature);
      log_sum[row] = own;
      teacher_log_sum[row] = other;
      total += weights[row] * temperature * temperature * divergence;
    }
    divergence_sum[0] = total;
  },
  lower(tf, { logits, teacher_logits, weights }, { temperature }) {
    const V = widthOf(logits.shape);
    const n = rowsOf(logits.shape);
    const [own, other] = [logits, teacher_logits].map((values) => tf.div(tf.reshape(values, [n, V]), temperature));
    const flat = tf.reshape(weights, [n]);
    const counts = tf.notEqual(flat, 0);
    const [log_sum, teacher_log_sum] = [own, other].map((values) => tf.where(counts, tf.logSumExp(values, 1), tf.zeros([n])));
    const divergence = tf.sum(tf.mul(tf.softmax(other), tf.sub(tf.logSoftmax(other), tf.logSoftmax(own))), 1);
    const sum = tf.sum(tf.where(counts, tf.mul(flat, tf.mul(divergence, temperature * temperature)), tf.zeros([n])));
    return [sum, tf.reshape(log_sum, weights.shape), tf.reshape(teacher_log_sum, weights.shape)];
  },
  samples: [
    { title: "softened", inputs: { logits: { shape: [2, 3, 7] }, teacher_logits: { shape: [2, 3, 7] }, weights: { shape: [2, 3], range: [0.5, 1.5] } }, attributes: { temperature: 2 } },
    { title: "rows without loss", inputs: { logits: { shape: [4, 5] }, teacher_logits: { shape: [4, 5] }, weights: { shape: [4], values: [1, 0, 0.5, 0] } }, attributes: { temperature: 1 } },
    { title: "no row counts", inputs: { logits: { shape: [2, 3] }, teacher_logits: { shape: [2, 3] }, weights: { shape: [2], values: [0, 0] } }, attributes: { temperature: 3 } },
    { title: "large logits", inputs: { logits: { shape: [2, 3], values: [90, 95, -300, 100, 99, 98] }, teacher_logits: { shape: [2, 3], values: [95, 90, -300, 98, 99, 100] }, weights: { shape: [2], values: [1, 1] } }, attributes: { temperature: 0.5 } },
  ],
});

function softLogSumExp(x: Data, from: number, count: number, temperature: number): number {
  let largest = -Infinity;
  for (let i = from; i < from + count; i++) if (x[i] > largest) largest = x[i];
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += exp((x[i] - largest) / temperature);
  return largest / temperature + Math.log(sum);
}
