// concatenate: x followed by y along one axis.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export type ConcatenateAttributes = { readonly axis: number };

export const concatenate = defineOp({
  name: "concatenate",
  doc: "x followed by y along one axis.",
  inputs: ["x", "y"],
  outputs: ["z"],
  infer({ x, y }, { axis }: ConcatenateAttributes) {
    expect(axis >= 0 && axis < x.shape.length && x.shape.length === y.shape.length && x.shape.every((n, i) => i === axis || n === y.shape[i]), `concatenate: [${x.shape}] and [${y.shape}] on axis ${axis}`);
    return [float(...x.shape.map((n, i) => (i === axis ? n + y.shape[i] : n)))];
  },
  gradient(b, { inputs: { x, y }, attributes: { axis } }, [dz]) {
    if (dz === null) return { x: null, y: null };
    const first = b.info(x).shape[axis];
    return { x: b.slice(dz, { axis, start: 0, size: first }), y: b.slice(dz, { axis, start: first, size: b.info(y).shape[axis] }) };
  },
  flops: () => 0,
  evaluate({ x, y }, [z], { axis }, { inputs }) {
    const outer = sizeOf(inputs.x.slice(0, axis));
    const n = sizeOf(inputs.x.slice(axis));
    const m = sizeOf(inputs.y.slice(axis));
    for (let i = 0; i < outer; i++) {
      z.set(x.subarray(i * n, (i + 1) * n), i * (n + m));
      z.set(y.subarray(i * m, (i + 1) * m), i * (n + m) + n);
    }
  },
  lower: (tf, { x, y }, { axis }) => [tf.concat([x, y], axis)],
  samples: [
    { title: "first axis", inputs: { x: { shape: [2, 3] }, y: { shape: [1, 3] } }, attributes: { axis: 0 } },
    { title: "inner axis", inputs: { x: { shape: [2, 1, 3] }, y: { shape: [2, 4, 3] } }, attributes: { axis: 1 } },
    { title: "last axis", inputs: { x: { shape: [2, 3] }, y: { shape: [2, 5] } }, attributes: { axis: 1 } },
  ],
});
