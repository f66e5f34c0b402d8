// kl_divergence_gradient: dlogits = dsum · weight · T · (e^(logit / T − log_sum) − e^(teacher_logit / T − teacher_log_sum)); zero rows where the weight is 0.

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import type { KlDivergenceAttributes } from "./kl_divergence.ts";
import { expectShape, float, rowsOf, widthOf } from "./_shapes.ts";

export type KlDivergenceGradientAttributes = KlDivergenceAttributes;

export const kl_divergence_gradient = defineOp({
  name: "kl_divergence_gradient",
  doc: "dsum * weight * T * (softmax(logits / T) - softmax(teacher_logits / T)).",
  inputs: ["logits", "teacher_logits", "weights", "log_sum", "teacher_log_sum", "dsum"],
  outputs: ["dlogits"],
  infer({ logits, teacher_logits, weights, log_sum, teacher_log_sum, dsum }, _attributes: KlDivergenceGradientAttributes) {
    expectShape("kl_divergence_gradient: teacher_logits", teacher_logits, logits.shape);
    for (const [name, info] of Object.entries({ weights, log_sum, teacher_log_sum })) expectShape(`kl_divergence_gradient: ${name}`, info, logits.shape.slice(0, -1));
    expectShape("kl_divergence_gradient: dsum", dsum, []);
    return [float(...logits.shape)];
  },
  gradient: "not differentiable",
  flops: ({ logits }) => 10 * sizeOf(logits.shape),
  evaluate({ logits, teacher_logits, weights, log_sum, teacher_log_sum, dsum }, [dlogits], { temperature }, { inputs }) {
    const V = widthOf(inputs.logits);
    for (let row = 0; row < weights.length; row++) {
      const from = row * V;
      const factor = dsum[0] * weights[row] * temperature;
      if (weights[row] === 0) {
        dlogits.fill(0, from, from + V);
        continue;
      }
      const [own, other] = [log_sum[row], teacher_log_sum[row]];
      for (let i = from; i < from + V; i++) dlogits[i] = factor * (exp(logits[i] / temperature - own) - exp(teacher_logits[i] / temperature - other));
    }
  },
  lower(tf, { logits, teacher_logits, weights, log_sum, teacher_log_sum, dsum }, { temperature }) {
    const V = widthOf(logits.shape);
    const n = rowsOf(logits.shape);
    const flat = tf.reshape(weights, [n]);
    const counts = tf.notEqual(flat, 0);
    // A row without loss has log-sum-exps of 0, so its exponentials could overflow: it is shifted out of reach.
    const softmax = (values: typeof logits, sums: typeof log_sum): typeof logits =>
      tf.exp(tf.sub(tf.div(tf.reshape(values, [n, V]), temperature), tf.reshape(tf.where(counts, tf.reshape(sums, [n]), tf.fill([n], 1e30)), [n, 1])));
    const difference = tf.sub(softmax(logits, log_sum), softmax(teacher_logits, teacher_log_sum));
    return [tf.reshape(tf.mul(difference, tf.reshape(tf.mul(tf.mul(flat, temperature), dsum), [n, 1])), logits.shape)];
  },
  samples: [
    { title: "softened", inputs: { logits: { shape: [2, 3, 7] }, teacher_logits: { shape: [2, 3, 7] }, weights: { shape: [2, 3], range: [0.5, 1.5] }, log_sum: { shape: [2, 3], range: [2, 3] }, teacher_log_sum: { shape: [2, 3], range: [2, 3] }, dsum: { shape: [], values: [0.7] } }, attributes: { temperature: 2 } },
    { title: "rows without loss", inputs: { logits: { shape: [4, 5] }, teacher_logits: { shape: [4, 5] }, weights: { shape: [4], values: [1, 0, 0.5, 0] }, log_sum: { shape: [4], values: [2, 0, 3, 0] }, teacher_log_sum: { shape: [4], values: [2.5, 0, 2, 0] }, dsum: { shape: [], values: [-2] } }, attributes: { temperature: 1 } },
    { title: "large logits without loss", inputs: { logits: { shape: [2, 2], values: [1, 2, 500, 400] }, teacher_logits: { shape: [2, 2], values: [2, 1, 400, 500] }, weights: { shape: [2], values: [1, 0] }, log_sum: { shape: [2], values: [2.3, 0] }, teacher_log_sum: { shape: [2], values: [2.3, 0] }, dsum: { shape: [], values: [1] } }, attributes: { temperature: 0.5 } },
  ],
});
