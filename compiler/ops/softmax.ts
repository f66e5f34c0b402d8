// softmax: y = e^(x − max) / Σ e^(x − max) over the last axis.

import { exp } from "../activations/_exp.ts";
import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float, rowsOf, widthOf } from "./_shapes.ts";

export const softmax = defineOp({
  name: "softmax",
  doc: "Probabilities over the last axis of x.",
  inputs: ["x"],
  outputs: ["y"],
  infer({ x }) {
    expect(x.shape.length > 0, "softmax: x is a scalar");
    return [float(...x.shape)];
  },
  gradient: (b, { outputs: [y] }, [dy]) => ({ x: dy === null ? null : b.softmax_gradient(y, dy) }),
  flops: ({ x }) => 5 * sizeOf(x.shape),
  evaluate({ x }, [y], _, { inputs }) {
    const width = widthOf(inputs.x);
    const end = rowsOf(inputs.x) * width;
    for (let from = 0; from < end; from += width) {
      let largest = -Infinity;
      for (let i = from; i < from + width; i++) if (x[i] > largest) largest = x[i];
      let sum = 0;
      for (let i = from; i < from + width; i++) sum += exp(x[i] - largest);
      for (let i = from; i < from + width; i++) y[i] = exp(x[i] - largest) / sum;
    }
  },
  lower: (tf, { x }) => [x.size === 0 ? tf.zeros(x.shape) : tf.softmax(x)],
  samples: [
    { title: "rows", inputs: { x: { shape: [2, 3, 5] } }, attributes: {} },
    { title: "large values", inputs: { x: { shape: [2, 3], values: [90, 91, 0, -90, -90, -91] } }, attributes: {} },
    { title: "one column", inputs: { x: { shape: [3, 1] } }, attributes: {} },
    { title: "empty batch", inputs: { x: { shape: [0, 3] } }, attributes: {} },
  ],
});
