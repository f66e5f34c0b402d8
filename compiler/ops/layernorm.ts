// layernorm: y = (x − mean) · deviation · weight + bias, deviation = 1 / √(variance + eps), variance = mean of (x − mean)² (Ba et al. 2016).
// D width; each row of the last axis by itself. Mean and deviation are kept for the gradient; nothing flows back through them.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float, widthOf } from "./_shapes.ts";

export type LayernormAttributes = { readonly eps: number };

export const layernorm = defineOp({
  name: "layernorm",
  doc: "(x - mean) * deviation * weight + bias over the last axis, deviation = 1 / sqrt(variance + eps); also the mean and deviation of each row.",
  inputs: ["x", "weight", "bias?"],
  outputs: ["y", "mean", "deviation"],
  infer({ x, weight, bias }, _attributes: LayernormAttributes) {
    expectShape("layernorm: weight", weight, [widthOf(x.shape)]);
    if (bias) expectShape("layernorm: bias", bias, weight.shape);
    const rows = float(...x.shape.slice(0, -1));
    return [float(...x.shape), rows, rows];
  },
  gradient(b, { inputs: { x, weight, bias }, outputs: [, mean, deviation] }, [dy]) {
    if (dy === null) return { x: null, weight: null, bias: null };
    const [dx, dweight, dbias] = b.layernorm_gradient(x, weight, mean, deviation, dy);
    return { x: dx, weight: dweight, bias: bias === undefined ? null : dbias };
  },
  flops: ({ x }) => 8 * sizeOf(x.shape),
  evaluate({ x, weight, bias }, [y, means, deviations], { eps }) {
    const D = weight.length;
    for (let row = 0, at = 0; row < means.length; row++, at += D) {
      let sum = 0;
      for (let j = 0; j < D; j++) sum += x[at + j];
      const mean = sum / D;
      let squares = 0;
      for (let j = 0; j < D; j++) {
        const centered = x[at + j] - mean;
        squares += centered * centered;
      }
      const deviation = 1 / Math.sqrt(squares / D + eps);
      if (bias) for (let j = 0; j < D; j++) y[at + j] = (x[at + j] - mean) * deviation * weight[j] + bias[j];
      else for (let j = 0; j < D; j++) y[at + j] = (x[at + j] - mean) * deviation * weight[j];
      means[row] = mean;
      deviations[row] = deviation;
    }
  },
  lower(tf, { x, weight, bias }, { eps }) {
    const rows = x.shape.slice(0, -1);
    const mean = tf.mean(x, -1, true);
    const centered = tf.sub(x, mean);
    const deviation = tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), eps));
    const scaled = tf.mul(tf.mul(centered, deviation), weight);
    return [bias ? tf.add(scaled, bias) : scaled, tf.reshape(mean, rows), tf.reshape(deviation, rows)];
  },
  samples: [
    { title: "with bias", inputs: { x: { shape: [2, 3, 7] }, weight: { shape: [7] }, bias: { shape: [7] } }, attributes: { eps: 1e-5 } },
    { title: "without bias", inputs: { x: { shape: [4, 5] }, weight: { shape: [5] } }, attributes: { eps: 1e-3 } },
    { title: "one row", inputs: { x: { shape: [6] }, weight: { shape: [6] }, bias: { shape: [6] } }, attributes: { eps: 1e-12 } },
  ],
});
