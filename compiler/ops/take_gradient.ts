// take_gradient: dx[b, t] = Σ dy[b, k] over the k with index[b, k] = t.
// B batch, T positions, K of them taken, D width.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { perExample } from "./take.ts";
import { expect, expectShape, float, widthOf } from "./_shapes.ts";

export type TakeGradientAttributes = { readonly length: number };

export const take_gradient = defineOp({
  name: "take_gradient",
  doc: "Zeros [B, length, D] with dy[b, k] added at row index[b, k].",
  inputs: ["dy", "index"],
  outputs: ["dx"],
  infer({ dy, index }, { length }: TakeGradientAttributes) {
    expect(dy.shape.length === 2 || dy.shape.length === 3, `take_gradient: dy is [${dy.shape}]`);
    expectShape("take_gradient: index", index, dy.shape.slice(0, -1));
    return [float(dy.shape[0], length, widthOf(dy.shape))];
  },
  gradient: (b, { inputs: { index } }, [dx]) => ({ dy: dx === null ? null : b.take(dx, index), index: null }),
  flops: ({ dy }) => sizeOf(dy.shape),
  evaluate({ dy, index }, [dx], { length }, { inputs }) {
    const [B] = inputs.dy;
    const D = widthOf(inputs.dy);
    const K = perExample(inputs.index);
    dx.fill(0);
    for (let b = 0; b < B; b++) {
      for (let k = 0; k < K; k++) {
        const to = (b * length + index[b * K + k]) * D;
        const from = (b * K + k) * D;
        for (let j = 0; j < D; j++) dx[to + j] += dy[from + j];
      }
    }
  },
  lower(tf, { dy, index }, { length }) {
    const B = dy.shape[0];
    const D = widthOf(dy.shape);
    const K = perExample(index.shape);
    const chosen = tf.cast(tf.equal(tf.reshape(tf.cast(index, "int32"), [B, 1, K]), tf.reshape(tf.range(0, length, 1, "int32"), [1, length, 1])), "float32");
    return [tf.matMul(chosen, tf.reshape(dy, [B, K, D]))];
  },
  samples: [
    { title: "three examples", inputs: { dy: { shape: [3, 5] }, index: { shape: [3], dtype: "int32", values: [3, 0, 2] } }, attributes: { length: 4 } },
    { title: "one position", inputs: { dy: { shape: [2, 3] }, index: { shape: [2], dtype: "int32", values: [0, 0] } }, attributes: { length: 1 } },
    { title: "several positions, one twice", inputs: { dy: { shape: [2, 3, 4] }, index: { shape: [2, 3], dtype: "int32", values: [3, 0, 0, 1, 2, 1] } }, attributes: { length: 5 } },
  ],
});
