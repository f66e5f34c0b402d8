// matmul: z = op(x) op(y), op the identity or the transpose of a matrix; x's leading axes are flattened to rows.
// M rows, K summed, N columns of z.

import { sizeOf, type Shape, type ValueId } from "../graph/node.ts";
import { defineOp, type Builder } from "./define.ts";
import { multiplyPlain, multiplyTransposed, transposed } from "./_matmul.ts";
import { expect, float, rowsOf, sameShape, widthOf } from "./_shapes.ts";

export type MatmulAttributes = { readonly transpose_x: boolean; readonly transpose_y: boolean };

export const matmul = defineOp({
  name: "matmul",
  doc: "Matrix product of x [..., K] (leading axes flattened to rows) and y [K, N]: [..., N]; with transpose_x both are flattened to rows, [..., M] and [..., N]: [M, N].",
  inputs: ["x", "y"],
  products: ["x", "y"],
  outputs: ["z"],
  infer({ x, y }, attributes: MatmulAttributes) {
    const { transpose_x } = attributes;
    expect(x.shape.length >= 2 || (x.shape.length === 1 && !transpose_x), `matmul: x is [${x.shape}]`);
    expect(y.shape.length >= 2, `matmul: y is [${y.shape}]`);
    const { N } = sizes(x.shape, y.shape, attributes);
    return [transpose_x ? float(widthOf(x.shape), N) : float(...x.shape.slice(0, -1), N)];
  },
  gradient(b, { inputs: { x, y }, attributes: { transpose_x, transpose_y } }, [dz]) {
    if (dz === null) return { x: null, y: null };
    const dx = transpose_x ? b.matmul(y, dz, { transpose_x: transpose_y, transpose_y: true }) : b.matmul(dz, y, { transpose_x: false, transpose_y: !transpose_y });
    const dy = transpose_y ? b.matmul(dz, x, { transpose_x: true, transpose_y: transpose_x }) : b.matmul(x, dz, { transpose_x: !transpose_x, transpose_y: false });
    return { x: shaped(b, dx, b.info(x).shape), y: shaped(b, dy, b.info(y).shape) };
  },
  flops: ({ x, y }, [z], attributes) => 2 * sizeOf(z.shape) * sizes(x.shape, y.shape, attributes).K,
  evaluate({ x, y }, [z], attributes, { inputs }) {
    const { M, K, N } = sizes(inputs.x, inputs.y, attributes);
    const left = attributes.transpose_x ? transposed(x, K, M) : x;
    if (attributes.transpose_y) multiplyTransposed(z, left, y, M, K, N);
    else multiplyPlain(z, left, y, M, K, N);
  },
  lower(tf, { x, y }, attributes) {
    const { transpose_x, transpose_y } = attributes;
    const N = transpose_y ? y.shape[0] : widthOf(y.shape);
    const shape = transpose_x ? [widthOf(x.shape), N] : [...x.shape.slice(0, -1), N];
    if (sizeOf(shape) === 0) return [tf.zeros(shape)];
    const product = tf.matMul(tf.reshape(x, [rowsOf(x.shape), widthOf(x.shape)]), tf.reshape(y, [rowsOf(y.shape), widthOf(y.shape)]), transpose_x, transpose_y);
    return [tf.reshape(product, shape)];
  },
  samples: [
    { title: "plain", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [5, 7] } }, attributes: { transpose_x: false, transpose_y: false } },
    { title: "y transposed", inputs: { x: { shape: [3, 6] }, y: { shape: [5, 6] } }, attributes: { transpose_x: false, transpose_y: true } },
    { title: "x transposed", inputs: { x: { shape: [2, 3, 5] }, y: { shape: [2, 3, 4] } }, attributes: { transpose_x: true, transpose_y: false } },
    { title: "x transposed, other leading axes", inputs: { x: { shape: [6, 5] }, y: { shape: [2, 3, 1] } }, attributes: { transpose_x: true, transpose_y: false } },
    { title: "both transposed", inputs: { x: { shape: [2, 2, 3] }, y: { shape: [5, 4] } }, attributes: { transpose_x: true, transpose_y: true } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, y: { shape: [3, 2] } }, attributes: { transpose_x: false, transpose_y: false } },
  ],
});

function sizes(x: Shape, y: Shape, { transpose_x, transpose_y }: MatmulAttributes): { M: number; K: number; N: number } {
  const [M, K] = transpose_x ? [widthOf(x), rowsOf(x)] : [rowsOf(x), widthOf(x)];
  const [N, K2] = transpose_y ? [rowsOf(y), widthOf(y)] : [widthOf(y), rowsOf(y)];
  expect(K === K2, `matmul: [${x}]${transpose_x ? "ᵀ" : ""} and [${y}]${transpose_y ? "ᵀ" : ""} do not fit`);
  return { M, K, N };
}

function shaped(b: Builder, value: ValueId, shape: Shape): ValueId {
  return sameShape(b.info(value).shape, shape) ? value : b.reshape(value, { shape });
}
