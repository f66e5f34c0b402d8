// grouped_product: z = Σ x[r]ᵀ y[r] over the rows r of one group: the gradient of grouped_linear's weight.
// P rows, M and N columns.

import { sizeOf } from "../graph/node.ts";
import { defineOp, type Tensor } from "./define.ts";
import { rowsOfGroup } from "./_groups.ts";
import { multiplyPlain, transposed } from "./_matmul.ts";
import { expect, float } from "./_shapes.ts";

export type GroupedProductAttributes = { readonly group: number };

export const grouped_product = defineOp({
  name: "grouped_product",
  doc: "The transpose of x [P, M] times y [P, N] over the rows from offsets[group] to offsets[group + 1]: [M, N], zeros for a group without rows.",
  inputs: ["x", "y", "offsets"],
  products: ["x", "y"],
  outputs: ["z"],
  infer({ x, y, offsets }, { group }: GroupedProductAttributes) {
    expect(x.shape.length === 2 && y.shape.length === 2 && x.shape[0] === y.shape[0], `grouped_product: x is [${x.shape}], y [${y.shape}]`);
    expect(offsets.dtype === "int32" && group + 1 < offsets.shape[0], `grouped_product: group ${group}, offsets [${offsets.shape}]`);
    return [float(x.shape[1], y.shape[1])];
  },
  gradient: "not differentiable",
  // A group's share of the rows, as in grouped_linear.
  flops: ({ x, offsets }, [z]) => (2 * x.shape[0] * sizeOf(z.shape)) / (offsets.shape[0] - 1),
  evaluate({ x, y, offsets }, [z], { group }, { outputs: [[M, N]] }) {
    const [start, end] = [offsets[group], offsets[group + 1]];
    multiplyPlain(z, transposed(x.subarray(start * M, end * M), end - start, M), y.subarray(start * N, end * N), M, end - start, N);
  },
  lower: (tf, { x, y, offsets }, { group }) => [tf.matMul(tf.mul(x, rowsOfGroup(tf, offsets, group, x.shape[0]!)) as Tensor, y, true, false)],
  samples: [
    { title: "rows inside", inputs: { x: { shape: [6, 3] }, y: { shape: [6, 4] }, offsets: { shape: [4], dtype: "int32", values: [0, 1, 4, 6] } }, attributes: { group: 1 } },
    { title: "no rows", inputs: { x: { shape: [3, 2] }, y: { shape: [3, 2] }, offsets: { shape: [4], dtype: "int32", values: [0, 2, 2, 3] } }, attributes: { group: 1 } },
    { title: "rows of no group at the end", inputs: { x: { shape: [5, 2] }, y: { shape: [5, 1] }, offsets: { shape: [3], dtype: "int32", values: [0, 1, 4] } }, attributes: { group: 1 } },
  ],
});
