// layernorm_gradient: with x̂ = (x − mean) · deviation and g = dy · weight,
// dx = deviation · (g − mean(g) − x̂ · mean(g · x̂)), dweight = Σ dy · x̂, dbias = Σ dy.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float, widthOf } from "./_shapes.ts";

export const layernorm_gradient = defineOp({
  name: "layernorm_gradient",
  doc: "Gradients of layernorm for x, weight and bias.",
  inputs: ["x", "weight", "mean", "deviation", "dy"],
  outputs: ["dx", "dweight", "dbias"],
  infer({ x, weight, mean, deviation, dy }) {
    expectShape("layernorm_gradient: weight", weight, [widthOf(x.shape)]);
    expectShape("layernorm_gradient: mean", mean, x.shape.slice(0, -1));
    expectShape("layernorm_gradient: deviation", deviation, x.shape.slice(0, -1));
    expectShape("layernorm_gradient: dy", dy, x.shape);
    return [float(...x.shape), float(...weight.shape), float(...weight.shape)];
  },
  gradient: "not differentiable",
  flops: ({ x }) => 14 * sizeOf(x.shape),
  evaluate({ x, weight, mean: means, deviation: deviations, dy }, [dx, dweight, dbias]) {
    const D = weight.length;
    const dweights = new Float64Array(D);
    const dbiases = new Float64Array(D);
    for (let row = 0, at = 0; row < means.length; row++, at += D) {
      const mean = means[row];
      const deviation = deviations[row];
      let sum = 0;
      let product = 0;
      for (let j = 0; j < D; j++) {
        const normal = (x[at + j] - mean) * deviation;
        const d = dy[at + j];
        const g = d * weight[j];
        sum += g;
        product += g * normal;
        dweights[j] += d * normal;
        dbiases[j] += d;
      }
      sum /= D;
      product /= D;
      for (let j = 0; j < D; j++) dx[at + j] = deviation * (dy[at + j] * weight[j] - sum - (x[at + j] - mean) * deviation * product);
    }
    dweight.set(dweights);
    dbias.set(dbiases);
  },
  lower(tf, { x, weight, mean, deviation, dy }) {
    const column = [...x.shape.slice(0, -1), 1];
    const rows = [-1, widthOf(x.shape)];
    const scale = tf.reshape(deviation, column);
    const normal = tf.mul(tf.sub(x, tf.reshape(mean, column)), scale);
    const g = tf.mul(dy, weight);
    const inner = tf.sub(tf.sub(g, tf.mean(g, -1, true)), tf.mul(normal, tf.mean(tf.mul(g, normal), -1, true)));
    return [tf.mul(inner, scale), tf.sum(tf.reshape(tf.mul(dy, normal), rows), 0), tf.sum(tf.reshape(dy, rows), 0)];
  },
  samples: [
    { title: "three axes", inputs: { x: { shape: [2, 3, 7] }, weight: { shape: [7] }, mean: { shape: [2, 3] }, deviation: { shape: [2, 3], range: [0.5, 2] }, dy: { shape: [2, 3, 7] } }, attributes: {} },
    { title: "matrix", inputs: { x: { shape: [4, 5] }, weight: { shape: [5] }, mean: { shape: [4] }, deviation: { shape: [4], range: [0.5, 2] }, dy: { shape: [4, 5] } }, attributes: {} },
    { title: "one row", inputs: { x: { shape: [6] }, weight: { shape: [6] }, mean: { shape: [] }, deviation: { shape: [], range: [0.5, 2] }, dy: { shape: [6] } }, attributes: {} },
  ],
});
