// broadcast_to: y[i] = x[the element that i repeats]; the transpose of sum_to.

import { type Shape } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";
import { isRepeated, repeatStrides, rowOffsets } from "./_strides.ts";

export type BroadcastToAttributes = { readonly shape: Shape };

export const broadcast_to = defineOp({
  name: "broadcast_to",
  doc: "Repeats x along new leading axes, and along axes of size 1, up to shape.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }, { shape }: BroadcastToAttributes) {
    expect(isRepeated(x.shape, shape), `broadcast_to: [${x.shape}] does not repeat to [${shape}]`);
    return [float(...shape)];
  },
  gradient: (b, { inputs: { x } }, [dy]) => ({ x: dy === null ? null : b.sum_to(dy, { shape: b.info(x).shape }) }),
  flops: () => 0,
  evaluate({ x }, [y], { shape }, { inputs }) {
    const outer = shape.length ? shape : [1];
    const width = outer[outer.length - 1];
    const strides = repeatStrides(inputs.x, outer);
    const offsets = rowOffsets(outer, strides);
    const step = strides[strides.length - 1];
    for (let row = 0, i = 0; row < offsets.length; row++) {
      for (let j = 0, at = offsets[row]; j < width; j++, at += step) y[i++] = x[at];
    }
  },
  lower: (tf, { x }, { shape }) => [tf.add(tf.zeros([...shape]), x)],
  samples: [
    { title: "leading axes", inputs: { x: { shape: [5] } }, attributes: { shape: [2, 3, 5] } },
    { title: "scalar", inputs: { x: { shape: [] } }, attributes: { shape: [3, 5] } },
    { title: "last axis", inputs: { x: { shape: [2, 3, 1] } }, attributes: { shape: [2, 3, 5] } },
    { title: "inner axis", inputs: { x: { shape: [2, 1, 5] } }, attributes: { shape: [2, 3, 5] } },
    { title: "empty batch", inputs: { x: { shape: [3] } }, attributes: { shape: [0, 3] } },
  ],
});
