// slice: positions start … start + size − 1 of one axis.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect } from "./_shapes.ts";

export type SliceAttributes = { readonly axis: number; readonly start: number; readonly size: number };

export const slice = defineOp({
  name: "slice",
  doc: "Positions start to start + size of one axis; floats or integers.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }, { axis, start, size }: SliceAttributes) {
    expect(axis >= 0 && start >= 0 && size >= 0 && start + size <= x.shape[axis], `slice: ${size} from ${start} on axis ${axis} of [${x.shape}]`);
    return [{ shape: x.shape.map((n, i) => (i === axis ? size : n)), dtype: x.dtype }];
  },
  gradient: (b, { inputs: { x }, attributes: { axis, start } }, [dy]) => ({ x: dy === null ? null : b.pad_slice(dy, { axis, start, size: b.info(x).shape[axis] }) }),
  flops: () => 0,
  bytes: (_, [y]) => 8 * sizeOf(y.shape),
  evaluate({ x }, [y], { axis, start, size }, { inputs }) {
    const inner = sizeOf(inputs.x.slice(axis + 1));
    const outer = sizeOf(inputs.x.slice(0, axis));
    const length = inputs.x[axis];
    for (let i = 0; i < outer; i++) {
      const from = (i * length + start) * inner;
      y.set(x.subarray(from, from + size * inner), i * size * inner);
    }
  },
  lower: (tf, { x }, { axis, start, size }) => [tf.slice(x, x.shape.map((_, i) => (i === axis ? start : 0)), x.shape.map((n, i) => (i === axis ? size : n)))],
  samples: [
    { title: "first axis", inputs: { x: { shape: [5, 3] } }, attributes: { axis: 0, start: 1, size: 3 } },
    { title: "inner axis", inputs: { x: { shape: [2, 5, 3] } }, attributes: { axis: 1, start: 2, size: 1 } },
    { title: "last axis", inputs: { x: { shape: [2, 3, 7] } }, attributes: { axis: 2, start: 4, size: 3 } },
    { title: "integers", inputs: { x: { shape: [4, 3], dtype: "int32", range: [0, 9] } }, attributes: { axis: 1, start: 1, size: 2 } },
  ],
});
