// rmsnorm: y = x · deviation · (offset + weight), deviation = 1 / √(mean of x² + eps) (Zhang & Sennrich 2019; offset 1 in Gemma).
// D width; each row of the last axis by itself. The deviation is kept for the gradient; nothing flows back through it.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float, widthOf } from "./_shapes.ts";

export type RmsnormAttributes = { readonly eps: number; readonly offset: number };

export const rmsnorm = defineOp({
  name: "rmsnorm",
  doc: "x * deviation * (offset + weight) over the last axis, deviation = 1 / sqrt(mean of squares + eps); also the deviation of each row.",
  inputs: ["x", "weight"],
  outputs: ["y", "deviation"],
  infer({ x, weight }, _attributes: RmsnormAttributes) {
    expectShape("rmsnorm: weight", weight, [widthOf(x.shape)]);
    return [float(...x.shape), float(...x.shape.slice(0, -1))];
  },
  gradient(b, { inputs: { x, weight }, outputs: [, deviation], attributes: { offset } }, [dy]) {
    if (dy === null) return { x: null, weight: null };
    const [dx, dweight] = b.rmsnorm_gradient(x, weight, deviation, dy, { offset });
    return { x: dx, weight: dweight };
  },
  flops: ({ x }) => 4 * sizeOf(x.shape),
  evaluate({ x, weight }, [y, deviations], { eps, offset }) {
    const D = weight.length;
    for (let row = 0, at = 0; row < deviations.length; row++, at += D) {
      let squares = 0;
      for (let j = 0; j < D; j++) squares += x[at + j] * x[at + j];
      const deviation = 1 / Math.sqrt(squares / D + eps);
      for (let j = 0; j < D; j++) y[at + j] = x[at + j] * deviation * (offset + weight[j]);
      deviations[row] = deviation;
    }
  },
  lower(tf, { x, weight }, { eps, offset }) {
    const deviation = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), eps));
    return [tf.mul(tf.mul(x, deviation), tf.add(weight, offset)), tf.reshape(deviation, x.shape.slice(0, -1))];
  },
  samples: [
    { title: "three axes", inputs: { x: { shape: [2, 3, 7] }, weight: { shape: [7] } }, attributes: { eps: 1e-6, offset: 0 } },
    { title: "offset", inputs: { x: { shape: [4, 5] }, weight: { shape: [5] } }, attributes: { eps: 1e-3, offset: 1 } },
    { title: "one row", inputs: { x: { shape: [6] }, weight: { shape: [6] } }, attributes: { eps: 1e-6, offset: 0 } },
  ],
});
