// pad_slice: zeros, with x at positions start … of one axis; the transpose of slice.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export type PadSliceAttributes = { readonly axis: number; readonly start: number; readonly size: number };

export const pad_slice = defineOp({
  name: "pad_slice",
  doc: "Zeros with x at positions start and after of one axis, which gets length size: the transpose of slice.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }, { axis, start, size }: PadSliceAttributes) {
    expect(axis >= 0 && axis < x.shape.length && start >= 0 && start + x.shape[axis] <= size, `pad_slice: [${x.shape}] at ${start} of ${size} on axis ${axis}`);
    return [float(...x.shape.map((n, i) => (i === axis ? size : n)))];
  },
  gradient: (b, { inputs: { x }, attributes: { axis, start } }, [dy]) => ({ x: dy === null ? null : b.slice(dy, { axis, start, size: b.info(x).shape[axis] }) }),
  flops: () => 0,
  evaluate({ x }, [y], { axis, start, size }, { inputs }) {
    const inner = sizeOf(inputs.x.slice(axis + 1));
    const outer = sizeOf(inputs.x.slice(0, axis));
    const block = inputs.x[axis] * inner;
    y.fill(0);
    for (let i = 0; i < outer; i++) y.set(x.subarray(i * block, (i + 1) * block), (i * size + start) * inner);
  },
  lower: (tf, { x }, { axis, start, size }) => [tf.pad(x, x.shape.map((n, i): [number, number] => (i === axis ? [start, size - start - n] : [0, 0])))],
  samples: [
    { title: "first axis", inputs: { x: { shape: [3, 3] } }, attributes: { axis: 0, start: 1, size: 5 } },
    { title: "inner axis", inputs: { x: { shape: [2, 1, 3] } }, attributes: { axis: 1, start: 2, size: 5 } },
    { title: "last axis, nothing after", inputs: { x: { shape: [2, 3, 3] } }, attributes: { axis: 2, start: 4, size: 7 } },
  ],
});
