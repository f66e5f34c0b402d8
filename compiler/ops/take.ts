// take: y[b, k] = x[b, index[b, k]], or y[b] = x[b, index[b]].
// B batch, T positions, K of them taken, D width.

import { sizeOf, type Shape } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export const take = defineOp({
  name: "take",
  doc: "Rows index[b] of each x[b]: [B, T, D] and [B] give [B, D], [B, K] gives [B, K, D].",
  inputs: ["x", "index"],
  outputs: ["y"],
  infer({ x, index }) {
    expect(x.shape.length === 3 && (index.shape.length === 1 || index.shape.length === 2) && index.shape[0] === x.shape[0], `take: x is [${x.shape}], index [${index.shape}]`);
    return [float(...index.shape, x.shape[2])];
  },
  gradient: (b, { inputs: { x, index } }, [dy]) => ({ x: dy === null ? null : b.take_gradient(dy, index, { length: b.info(x).shape[1] }), index: null }),
  flops: () => 0,
  bytes: (_, [y]) => 8 * sizeOf(y.shape),
  evaluate({ x, index }, [y], _, { inputs }) {
    const [B, T, D] = inputs.x;
    const K = perExample(inputs.index);
    for (let b = 0; b < B; b++) {
      for (let k = 0; k < K; k++) {
        const from = (b * T + index[b * K + k]) * D;
        const to = (b * K + k) * D;
        for (let j = 0; j < D; j++) y[to + j] = x[from + j];
      }
    }
  },
  lower(tf, { x, index }) {
    const [B, T, D] = x.shape as [number, number, number];
    const K = perExample(index.shape);
    const starts = tf.reshape(tf.range(0, B * T, T, "int32"), [B, 1]);
    const rows = tf.add(starts, tf.reshape(tf.cast(index, "int32"), [B, K]));
    return [tf.reshape(tf.gather(tf.reshape(x, [B * T, D]), tf.cast(tf.reshape(rows, [B * K]), "int32")), [...index.shape, D])];
  },
  samples: [
    { title: "three examples", inputs: { x: { shape: [3, 4, 5] }, index: { shape: [3], dtype: "int32", values: [3, 0, 2] } }, attributes: {} },
    { title: "one position", inputs: { x: { shape: [2, 1, 3] }, index: { shape: [2], dtype: "int32", values: [0, 0] } }, attributes: {} },
    { title: "one example", inputs: { x: { shape: [1, 6, 2] }, index: { shape: [1], dtype: "int32", values: [5] } }, attributes: {} },
    { title: "several positions, one twice", inputs: { x: { shape: [2, 4, 3] }, index: { shape: [2, 3], dtype: "int32", values: [3, 0, 0, 1, 2, 1] } }, attributes: {} },
  ],
});

/** Rows taken of one example. */
export function perExample(index: Shape): number {
  return index.length === 2 ? index[1] : 1;
}
