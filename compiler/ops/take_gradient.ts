// take_gradient: dx[b, index[b]] = dy[b], zero elsewhere.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, expectShape, float } from "./_shapes.ts";

export type TakeGradientAttributes = { readonly length: number };

export const take_gradient = defineOp({
  name: "take_gradient",
  doc: "Zeros [B, length, D] with dy[b] at row index[b].",
  inputs: ["dy", "index"],
  outputs: ["dx"],
  infer({ dy, index }, { length }: TakeGradientAttributes) {
    expect(dy.shape.length === 2, `take_gradient: dy is [${dy.shape}]`);
    expectShape("take_gradient: index", index, [dy.shape[0]]);
    return [float(dy.shape[0], length, dy.shape[1])];
  },
  gradient: (b, { inputs: { index } }, [dx]) => ({ dy: dx === null ? null : b.take(dx, index), index: null }),
  flops: ({ dy }) => sizeOf(dy.shape),
  evaluate({ dy, index }, [dx], { length }, { inputs }) {
    const [B, D] = inputs.dy;
    dx.fill(0);
    for (let b = 0; b < B; b++) {
      const to = (b * length + index[b]) * D;
      for (let j = 0; j < D; j++) dx[to + j] = dy[b * D + j];
    }
  },
  lower(tf, { dy, index }, { length }) {
    const [B, D] = dy.shape as [number, number];
    const chosen = tf.cast(tf.equal(tf.reshape(tf.cast(index, "int32"), [B, 1]), tf.range(0, length, 1, "int32")), "float32");
    return [tf.mul(tf.reshape(chosen, [B, length, 1]), tf.reshape(dy, [B, 1, D]))];
  },
  samples: [
    { title: "three examples", inputs: { dy: { shape: [3, 5] }, index: { shape: [3], dtype: "int32", values: [3, 0, 2] } }, attributes: { length: 4 } },
    { title: "one position", inputs: { dy: { shape: [2, 3] }, index: { shape: [2], dtype: "int32", values: [0, 0] } }, attributes: { length: 1 } },
  ],
});
