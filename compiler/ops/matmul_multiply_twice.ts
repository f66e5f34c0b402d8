// matmul_multiply_twice: z = factor · op(x) op(y) and z' = other · op(x) op(y): a gradient on its way into both products of a gated mlp.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { matmul, type MatmulAttributes } from "./matmul.ts";
import { expectShape } from "./_shapes.ts";

export type MatmulMultiplyTwiceAttributes = MatmulAttributes;

export const matmul_multiply_twice = defineOp({
  name: "matmul_multiply_twice",
  doc: "The matrix product of x and y, as matmul, times each of two factors element by element.",
  inputs: ["x", "y", "factor", "other"],
  products: ["x", "y"],
  outputs: ["z", "z_other"],
  infer({ x, y, factor, other }, attributes: MatmulMultiplyTwiceAttributes) {
    const [z] = matmul.infer({ x, y }, attributes);
    expectShape("matmul_multiply_twice: factor", factor, z.shape);
    expectShape("matmul_multiply_twice: other", other, z.shape);
    return [z, z];
  },
  gradient(b, { inputs: { x, y, factor, other }, outputs, attributes }, [dz, dz_other]) {
    const parts = [dz === null ? null : b.multiply(dz, factor), dz_other === null ? null : b.multiply(dz_other, other)].filter((part) => part !== null);
    if (parts.length === 0) return { x: null, y: null, factor: null, other: null };
    const products = matmul_gradient(b, { inputs: { x, y }, outputs: [outputs[0]], attributes }, [parts.length === 2 ? b.add(parts[0], parts[1]) : parts[0]]);
    const product = b.matmul(x, y, attributes);
    return { ...products, factor: dz === null ? null : b.multiply(dz, product), other: dz_other === null ? null : b.multiply(dz_other, product) };
  },
  flops: ({ x, y }, outputs, attributes) => matmul.flops({ x, y }, [outputs[0]], attributes) + 2 * sizeOf(outputs[0].shape),
  evaluate({ x, y, factor, other }, [z, z_other], { transpose_x, transpose_y }, { inputs, outputs: [shape] }) {
    matmul.evaluate({ x, y }, [z], { transpose_x, transpose_y }, { inputs, outputs: [shape] });
    for (let i = 0; i < z.length; i++) {
      z_other[i] = z[i] * other[i];
      z[i] *= factor[i];
    }
  },
  lower(tf, { x, y, factor, other }, { transpose_x, transpose_y }) {
    const [product] = matmul_lower(tf, { x, y }, { transpose_x, transpose_y });
    return [tf.mul(product, factor), tf.mul(product, other)];
  },
  samples: [
    { title: "plain", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [5, 7] }, factor: { shape: [2, 3, 7] }, other: { shape: [2, 3, 7] } }, attributes: { transpose_x: false, transpose_y: false } },
    { title: "x transposed", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [2, 3, 4] }, factor: { shape: [5, 4] }, other: { shape: [5, 4] } }, attributes: { transpose_x: true, transpose_y: false } },
    { title: "many rows, y transposed", inputs: { x: { shape: [19, 6] }, y: { shape: [50, 6] }, factor: { shape: [19, 50] }, other: { shape: [19, 50] } }, attributes: { transpose_x: false, transpose_y: true } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, y: { shape: [3, 2] }, factor: { shape: [0, 2] }, other: { shape: [0, 2] } }, attributes: { transpose_x: false, transpose_y: false } },
  ],
});

const matmul_lower = matmul.lower as Exclude<typeof matmul.lower, "evaluate">;
const matmul_gradient = matmul.gradient as Exclude<typeof matmul.gradient, "not differentiable">;
