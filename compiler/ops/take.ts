// take: y[b] = x[b, index[b]].

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, expectShape, float } from "./_shapes.ts";

export const take = defineOp({
  name: "take",
  doc: "Row index[b] of each x[b]: [B, T, D] and [B] give [B, D].",
  inputs: ["x", "index"],
  outputs: ["y"],
  infer({ x, index }) {
    expect(x.shape.length === 3, `take: x is [${x.shape}]`);
    expectShape("take: index", index, [x.shape[0]]);
    return [float(x.shape[0], x.shape[2])];
  },
  gradient: (b, { inputs: { x, index } }, [dy]) => ({ x: dy === null ? null : b.take_gradient(dy, index, { length: b.info(x).shape[1] }), index: null }),
  flops: () => 0,
  bytes: (_, [y]) => 8 * sizeOf(y.shape),
  evaluate({ x, index }, [y], _, { inputs }) {
    const [B, T, D] = inputs.x;
    for (let b = 0; b < B; b++) {
      const from = (b * T + index[b]) * D;
      for (let j = 0; j < D; j++) y[b * D + j] = x[from + j];
    }
  },
  lower(tf, { x, index }) {
    const [B, T, D] = x.shape as [number, number, number];
    const rows = tf.add(tf.range(0, B * T, T, "int32"), tf.cast(index, "int32"));
    return [tf.gather(tf.reshape(x, [B * T, D]), tf.cast(rows, "int32"))];
  },
  samples: [
    { title: "three examples", inputs: { x: { shape: [3, 4, 5] }, index: { shape: [3], dtype: "int32", values: [3, 0, 2] } }, attributes: {} },
    { title: "one position", inputs: { x: { shape: [2, 1, 3] }, index: { shape: [2], dtype: "int32", values: [0, 0] } }, attributes: {} },
    { title: "one example", inputs: { x: { shape: [1, 6, 2] }, index: { shape: [1], dtype: "int32", values: [5] } }, attributes: {} },
  ],
});
