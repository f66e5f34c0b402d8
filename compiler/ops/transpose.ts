// transpose: y[i₀, i₁, …] = x with index i_a on axis permutation[a].

import { defineOp } from "./define.ts";
import { expect, float, widthOf } from "./_shapes.ts";
import { rowOffsets, stridesOf } from "./_strides.ts";

export type TransposeAttributes = { readonly permutation: readonly number[] };

export const transpose = defineOp({
  name: "transpose",
  doc: "Axes in another order: axis i of the result is axis permutation[i] of x.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }, { permutation }: TransposeAttributes) {
    expect([...permutation].sort((a, b) => a - b).every((axis, i) => axis === i) && permutation.length === x.shape.length, `transpose: [${permutation}] of [${x.shape}]`);
    return [float(...permutation.map((axis) => x.shape[axis]))];
  },
  gradient: (b, { attributes: { permutation } }, [dy]) => ({ x: dy === null ? null : b.transpose(dy, { permutation: permutation.map((_, axis) => permutation.indexOf(axis)) }) }),
  flops: () => 0,
  evaluate({ x }, [y], { permutation }, { inputs, outputs: [shape] }) {
    if (shape.length === 0) {
      y.set(x);
      return;
    }
    const own = stridesOf(inputs.x);
    const strides = permutation.map((axis) => own[axis]);
    const offsets = rowOffsets(shape, strides);
    const width = widthOf(shape);
    const step = widthOf(strides);
    for (let row = 0, i = 0; row < offsets.length; row++) {
      for (let j = 0, at = offsets[row]; j < width; j++, at += step) y[i++] = x[at];
    }
  },
  lower: (tf, { x }, { permutation }) => [tf.transpose(x, [...permutation])],
  samples: [
    { title: "matrix", inputs: { x: { shape: [3, 5] } }, attributes: { permutation: [1, 0] } },
    { title: "heads", inputs: { x: { shape: [2, 3, 4, 5] } }, attributes: { permutation: [0, 2, 1, 3] } },
    { title: "cycle", inputs: { x: { shape: [2, 3, 4] } }, attributes: { permutation: [2, 0, 1] } },
    { title: "identity", inputs: { x: { shape: [2, 3] } }, attributes: { permutation: [0, 1] } },
  ],
});
