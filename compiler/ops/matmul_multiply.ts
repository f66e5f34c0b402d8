// matmul_multiply: z = factor · op(x) op(y), element by element: a gradient on its way through an activation whose slope was kept.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { matmul, type MatmulAttributes } from "./matmul.ts";
import { expectShape } from "./_shapes.ts";

export type MatmulMultiplyAttributes = MatmulAttributes;

export const matmul_multiply = defineOp({
  name: "matmul_multiply",
  doc: "The matrix product of x and y, as matmul, times factor element by element.",
  inputs: ["x", "y", "factor"],
  products: ["x", "y"],
  outputs: ["z"],
  infer({ x, y, factor }, attributes: MatmulMultiplyAttributes) {
    const [z] = matmul.infer({ x, y }, attributes);
    expectShape("matmul_multiply: factor", factor, z.shape);
    return [z];
  },
  gradient(b, { inputs: { x, y, factor }, outputs, attributes }, [dz]) {
    if (dz === null) return { x: null, y: null, factor: null };
    const products = matmul_gradient(b, { inputs: { x, y }, outputs, attributes }, [b.multiply(dz, factor)]);
    return { ...products, factor: b.multiply(dz, b.matmul(x, y, attributes)) };
  },
  flops: ({ x, y }, outputs, attributes) => matmul.flops({ x, y }, outputs, attributes) + sizeOf(outputs[0].shape),
  evaluate({ x, y, factor }, [z], { transpose_x, transpose_y }, shapes) {
    matmul.evaluate({ x, y }, [z], { transpose_x, transpose_y }, shapes);
    for (let i = 0; i < z.length; i++) z[i] *= factor[i];
  },
  lower: (tf, { x, y, factor }, { transpose_x, transpose_y }) => [tf.mul(matmul_lower(tf, { x, y }, { transpose_x, transpose_y })[0], factor)],
  samples: [
    { title: "plain", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [5, 7] }, factor: { shape: [2, 3, 7] } }, attributes: { transpose_x: false, transpose_y: false } },
    { title: "x transposed", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [2, 3, 4] }, factor: { shape: [5, 4] } }, attributes: { transpose_x: true, transpose_y: false } },
    { title: "y transposed, one column", inputs: { x: { shape: [3, 6] }, y: { shape: [1, 6] }, factor: { shape: [3, 1] } }, attributes: { transpose_x: false, transpose_y: true } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, y: { shape: [3, 2] }, factor: { shape: [0, 2] } }, attributes: { transpose_x: false, transpose_y: false } },
  ],
});

const matmul_lower = matmul.lower as Exclude<typeof matmul.lower, "evaluate">;
const matmul_gradient = matmul.gradient as Exclude<typeof matmul.gradient, "not differentiable">;
