// rmsnorm_gradient: with x̂ = x · deviation and g = dy · (offset + weight),
// dx = deviation · (g − x̂ · mean(g · x̂)), dweight = Σ dy · x̂.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float, widthOf } from "./_shapes.ts";

export type RmsnormGradientAttributes = { readonly offset: number };

export const rmsnorm_gradient = defineOp({
  name: "rmsnorm_gradient",
  doc: "Gradients of rmsnorm for x and weight.",
  inputs: ["x", "weight", "deviation", "dy"],
  outputs: ["dx", "dweight"],
  infer({ x, weight, deviation, dy }, _attributes: RmsnormGradientAttributes) {
    expectShape("rmsnorm_gradient: weight", weight, [widthOf(x.shape)]);
    expectShape("rmsnorm_gradient: deviation", deviation, x.shape.slice(0, -1));
    expectShape("rmsnorm_gradient: dy", dy, x.shape);
    return [float(...x.shape), float(...weight.shape)];
  },
  gradient: "not differentiable",
  flops: ({ x }) => 11 * sizeOf(x.shape),
  evaluate({ x, weight, deviation: deviations, dy }, [dx, dweight], { offset }) {
    const D = weight.length;
    const dweights = new Float64Array(D);
    for (let row = 0, at = 0; row < deviations.length; row++, at += D) {
      const deviation = deviations[row];
      let product = 0;
      for (let j = 0; j < D; j++) {
        const d = dy[at + j] * x[at + j] * deviation;
        product += d * (offset + weight[j]);
        dweights[j] += d;
      }
      product *= deviation / D;
      for (let j = 0; j < D; j++) dx[at + j] = deviation * (dy[at + j] * (offset + weight[j]) - x[at + j] * product);
    }
    dweight.set(dweights);
  },
  lower(tf, { x, weight, deviation, dy }, { offset }) {
    const scale = tf.reshape(deviation, [...x.shape.slice(0, -1), 1]);
    const normal = tf.mul(x, scale);
    const g = tf.mul(dy, tf.add(weight, offset));
    const inner = tf.sub(g, tf.mul(normal, tf.mean(tf.mul(g, normal), -1, true)));
    return [tf.mul(inner, scale), tf.sum(tf.reshape(tf.mul(dy, normal), [-1, widthOf(x.shape)]), 0)];
  },
  samples: [
    { title: "three axes", inputs: { x: { shape: [2, 3, 7] }, weight: { shape: [7] }, deviation: { shape: [2, 3], range: [0.5, 2] }, dy: { shape: [2, 3, 7] } }, attributes: { offset: 0 } },
    { title: "offset", inputs: { x: { shape: [4, 5] }, weight: { shape: [5] }, deviation: { shape: [4], range: [0.5, 2] }, dy: { shape: [4, 5] } }, attributes: { offset: 1 } },
    { title: "one row", inputs: { x: { shape: [6] }, weight: { shape: [6] }, deviation: { shape: [], range: [0.5, 2] }, dy: { shape: [6] } }, attributes: { offset: 0 } },
  ],
});
