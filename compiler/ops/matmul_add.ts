// matmul_add: z = addend + op(x) op(y): gradients that meet at one value are summed by the products themselves.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { matmul, type MatmulAttributes } from "./matmul.ts";
import { expectShape } from "./_shapes.ts";

export type MatmulAddAttributes = MatmulAttributes;

export const matmul_add = defineOp({
  name: "matmul_add",
  doc: "addend plus the matrix product of x and y, as matmul.",
  inputs: ["x", "y", "addend"],
  products: ["x", "y"],
  outputs: ["z"],
  infer({ x, y, addend }, attributes: MatmulAddAttributes) {
    const [z] = matmul.infer({ x, y }, attributes);
    expectShape("matmul_add: addend", addend, z.shape);
    return [z];
  },
  gradient(b, { inputs: { x, y }, outputs, attributes }, gradients) {
    const [dz] = gradients;
    if (dz === null) return { x: null, y: null, addend: null };
    return { ...matmul_gradient(b, { inputs: { x, y }, outputs, attributes }, gradients), addend: dz };
  },
  flops: ({ x, y }, outputs, attributes) => matmul.flops({ x, y }, outputs, attributes) + sizeOf(outputs[0].shape),
  evaluate({ x, y, addend }, [z], attributes, shapes) {
    matmul.evaluate({ x, y }, [z], attributes, shapes);
    for (let i = 0; i < z.length; i++) z[i] += addend[i];
  },
  lower: (tf, { x, y, addend }, attributes) => [tf.add(matmul_lower(tf, { x, y }, attributes)[0], addend)],
  samples: [
    { title: "plain", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [5, 7] }, addend: { shape: [2, 3, 7] } }, attributes: { transpose_x: false, transpose_y: false } },
    { title: "y transposed", inputs: { x: { shape: [3, 6] }, y: { shape: [5, 6] }, addend: { shape: [3, 5] } }, attributes: { transpose_x: false, transpose_y: true } },
    { title: "x transposed", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [2, 3, 4] }, addend: { shape: [5, 4] } }, attributes: { transpose_x: true, transpose_y: false } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, y: { shape: [3, 2] }, addend: { shape: [0, 2] } }, attributes: { transpose_x: false, transpose_y: false } },
  ],
});

const matmul_lower = matmul.lower as Exclude<typeof matmul.lower, "evaluate">;
const matmul_gradient = matmul.gradient as Exclude<typeof matmul.gradient, "not differentiable">;
