// softmax_gradient: dx = y · (dy − Σ y dy), the sum over the last axis.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float, rowsOf, widthOf } from "./_shapes.ts";

export const softmax_gradient = defineOp({
  name: "softmax_gradient",
  doc: "Gradient of softmax from its result y and dy.",
  inputs: ["y", "dy"],
  outputs: ["dx"],
  infer({ y, dy }) {
    expectShape("softmax_gradient: dy", dy, y.shape);
    return [float(...y.shape)];
  },
  gradient: "not differentiable",
  flops: ({ y }) => 4 * sizeOf(y.shape),
  evaluate({ y, dy }, [dx], _, { inputs }) {
    const width = widthOf(inputs.y);
    const end = rowsOf(inputs.y) * width;
    for (let from = 0; from < end; from += width) {
      let sum = 0;
      for (let i = from; i < from + width; i++) sum += y[i] * dy[i];
      for (let i = from; i < from + width; i++) dx[i] = y[i] * (dy[i] - sum);
    }
  },
  lower: (tf, { y, dy }) => [tf.mul(y, tf.sub(dy, tf.sum(tf.mul(y, dy), -1, true)))],
  samples: [
    { title: "rows", inputs: { y: { shape: [2, 3, 5], range: [0, 0.4] }, dy: { shape: [2, 3, 5] } }, attributes: {} },
    { title: "one column", inputs: { y: { shape: [3, 1], values: [1, 1, 1] }, dy: { shape: [3, 1] } }, attributes: {} },
  ],
});
