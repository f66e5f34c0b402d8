// sum_to: the transpose of broadcast_to; y[j] = Σ x[i] over all i that repeat j. Summed in float64.

import { sizeOf, type Shape } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";
import { isRepeated, repeatStrides, rowOffsets } from "./_strides.ts";

export type SumToAttributes = { readonly shape: Shape };

export const sum_to = defineOp({
  name: "sum_to",
  doc: "Sums x over its leading axes, and over axes that are 1 in shape, down to shape.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }, { shape }: SumToAttributes) {
    expect(isRepeated(shape, x.shape), `sum_to: [${x.shape}] does not sum to [${shape}]`);
    return [float(...shape)];
  },
  gradient: (b, { inputs: { x } }, [dy]) => ({ x: dy === null ? null : b.broadcast_to(dy, { shape: b.info(x).shape }) }),
  flops: ({ x }) => sizeOf(x.shape),
  evaluate({ x }, [y], { shape }, { inputs }) {
    const outer = inputs.x.length ? inputs.x : [1];
    const width = outer[outer.length - 1];
    const strides = repeatStrides(shape, outer);
    const offsets = rowOffsets(outer, strides);
    const sums = new Float64Array(y.length);
    const step = strides[strides.length - 1];
    for (let row = 0, i = 0; row < offsets.length; row++, i += width) {
      const at = offsets[row];
      if (step === 0) {
        let sum = 0;
        for (let j = 0; j < width; j++) sum += x[i + j];
        sums[at] += sum;
      } else {
        for (let j = 0; j < width; j++) sums[at + j] += x[i + j];
      }
    }
    y.set(sums);
  },
  lower(tf, { x }, { shape }) {
    if (x.size === 0) return [tf.zeros([...shape])];
    const strides = repeatStrides(shape, x.shape);
    const axes = strides.flatMap((step, axis) => (step === 0 ? [axis] : []));
    return [tf.reshape(axes.length ? tf.sum(x, axes) : x, [...shape])];
  },
  samples: [
    { title: "leading axes", inputs: { x: { shape: [2, 3, 5] } }, attributes: { shape: [5] } },
    { title: "to a scalar", inputs: { x: { shape: [3, 5] } }, attributes: { shape: [] } },
    { title: "axis of size 1", inputs: { x: { shape: [2, 3, 5] } }, attributes: { shape: [3, 1] } },
    { title: "inner axis of size 1", inputs: { x: { shape: [2, 3, 5] } }, attributes: { shape: [2, 1, 5] } },
    { title: "nothing to sum", inputs: { x: { shape: [3, 2] } }, attributes: { shape: [3, 2] } },
    { title: "scalar", inputs: { x: { shape: [] } }, attributes: { shape: [] } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] } }, attributes: { shape: [3] } },
  ],
});
