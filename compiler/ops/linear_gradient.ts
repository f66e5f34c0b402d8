// linear_gradient: of y = x Wᵀ + b, dweight = dyᵀ x and dbias = Σ rows of dy, which the product reads anyway.
// M rows, I width in, O width out.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { matmul } from "./matmul.ts";
import { expect, float, rowsOf, widthOf } from "./_shapes.ts";
import { bfloat16s, bfloat16Tensor, isBfloat16, type Precise } from "./_precision.ts";

export type LinearGradientAttributes = Precise;

export const linear_gradient = defineOp({
  name: "linear_gradient",
  doc: "Gradients of linear for its weight, dyᵀ x [O, I], and its bias, the sum of the rows of dy [O].",
  inputs: ["x", "dy"],
  products: ["x"],
  outputs: ["dweight", "dbias"],
  infer({ x, dy }, _attributes: LinearGradientAttributes) {
    expect(x.shape.length >= 2 && dy.shape.length >= 2 && rowsOf(x.shape) === rowsOf(dy.shape), `linear_gradient: x is [${x.shape}], dy [${dy.shape}]`);
    return [float(widthOf(dy.shape), widthOf(x.shape)), float(widthOf(dy.shape))];
  },
  gradient: "not differentiable",
  flops: ({ x, dy }) => sizeOf(dy.shape) * (2 * widthOf(x.shape) + 1),
  // dy is rounded for the product alone: the bias's gradient is a sum.
  evaluate({ x, dy }, [dweight, dbias], attributes, { inputs, outputs: [shape] }) {
    matmul.evaluate({ x: isBfloat16(attributes) ? bfloat16s(dy) : dy, y: x }, [dweight], { transpose_x: true, transpose_y: false }, { inputs: { x: inputs.dy, y: inputs.x }, outputs: [shape] });
    const O = dbias.length;
    const sums = new Float64Array(O);
    for (let row = 0; row < dy.length; row += O) {
      for (let j = 0; j < O; j++) sums[j] += dy[row + j];
    }
    dbias.set(sums);
  },
  lower(tf, { x, dy }, attributes) {
    const [dweight] = matmul_lower(tf, { x: isBfloat16(attributes) ? bfloat16Tensor(tf, dy) : dy, y: x }, { transpose_x: true, transpose_y: false });
    if (dy.size === 0) return [dweight, tf.zeros([widthOf(dy.shape)])];
    return [dweight, tf.sum(tf.reshape(dy, [rowsOf(dy.shape), widthOf(dy.shape)]), 0)];
  },
  rounds_inside: true,
  samples: [
    { title: "three axes", inputs: { x: { shape: [2, 3, 5] }, dy: { shape: [2, 3, 7] } }, attributes: {} },
    { title: "matrices", inputs: { x: { shape: [9, 4] }, dy: { shape: [9, 1] } }, attributes: {} },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, dy: { shape: [0, 2] } }, attributes: {} },
  ],
});

const matmul_lower = matmul.lower as Exclude<typeof matmul.lower, "evaluate">;
