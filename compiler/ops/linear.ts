// linear: y = x Wᵀ + b, the weight stored [out, in].
// M rows, I width in, O width out.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { multiplyTransposed } from "./_matmul.ts";
import { expect, expectShape, float, rowsOf, widthOf } from "./_shapes.ts";

export const linear = defineOp({
  name: "linear",
  doc: "x [..., I] times the transpose of weight [O, I], plus bias [O]: [..., O].",
  inputs: ["x", "weight", "bias?"],
  products: ["x", "weight"],
  outputs: ["y"],
  infer({ x, weight, bias }) {
    expect(weight.shape.length === 2 && widthOf(x.shape) === weight.shape[1], `linear: x is [${x.shape}], weight [${weight.shape}]`);
    if (bias) expectShape("linear: bias", bias, [weight.shape[0]]);
    return [float(...x.shape.slice(0, -1), weight.shape[0])];
  },
  gradient(b, { inputs: { x, weight, bias } }, [dy]) {
    if (dy === null) return { x: null, weight: null, bias: null };
    return {
      x: b.matmul(dy, weight, { transpose_x: false, transpose_y: false }),
      weight: b.matmul(dy, x, { transpose_x: true, transpose_y: false }),
      bias: bias === undefined ? null : b.sum_to(dy, { shape: b.info(bias).shape }),
    };
  },
  flops: ({ weight, bias }, [y]) => sizeOf(y.shape) * (2 * weight.shape[1] + (bias ? 1 : 0)),
  evaluate({ x, weight, bias }, [y], _, { inputs }) {
    const M = rowsOf(inputs.x);
    const [O, I] = inputs.weight;
    multiplyTransposed(y, x, weight, M, I, O);
    if (!bias) return;
    for (let row = 0; row < M * O; row += O) {
      for (let j = 0; j < O; j++) y[row + j] += bias[j];
    }
  },
  lower(tf, { x, weight, bias }) {
    const [O, I] = weight.shape;
    const shape = [...x.shape.slice(0, -1), O];
    if (sizeOf(shape) === 0) return [tf.zeros(shape)];
    const product = tf.matMul(tf.reshape(x, [rowsOf(x.shape), I]), weight, false, true);
    return [tf.reshape(bias ? tf.add(product, bias) : product, shape)];
  },
  samples: [
    { title: "with bias", inputs: { x: { shape: [2, 3, 5] }, weight: { shape: [7, 5] }, bias: { shape: [7] } }, attributes: {} },
    { title: "without bias", inputs: { x: { shape: [4, 3] }, weight: { shape: [6, 3] } }, attributes: {} },
    { title: "one row, one column", inputs: { x: { shape: [1, 1, 3] }, weight: { shape: [1, 3] }, bias: { shape: [1] } }, attributes: {} },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, weight: { shape: [2, 3] }, bias: { shape: [2] } }, attributes: {} },
  ],
});
