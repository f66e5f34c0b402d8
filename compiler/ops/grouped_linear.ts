// grouped_linear: each group of rows times a weight of its own: y[r] = x[r] W_gᵀ for the rows r of group g, or x[r] W_g.
// P rows, G groups, I width in, O width out. One node takes the weights of up to eight groups, which stay tensors of their own
// (a copy of all of them in one tensor would double their memory); more groups are several nodes, whose results are added.

import { sizeOf, type ValueId } from "../graph/node.ts";
import { defineOp, type Builder, type Data, type Named, type Tensor } from "./define.ts";
import { rowsOfGroup } from "./_groups.ts";
import { multiplyPlain, multiplyTransposed } from "./_matmul.ts";
import { expect, expectShape, float } from "./_shapes.ts";

/** `first`: the group of weight_0. `transposed`: the weights are [out, in]. */
export type GroupedLinearAttributes = { readonly first: number; readonly transposed: boolean };

type Weights<T> = Named<"weight_0" | "weight_1?" | "weight_2?" | "weight_3?" | "weight_4?" | "weight_5?" | "weight_6?" | "weight_7?", T>;

export const grouped_linear = defineOp({
  name: "grouped_linear",
  doc: "Rows x [P, I] of the groups first, first + 1, ... times the groups' weights [O, I] transposed (or [I, O]), where group g is the rows from offsets[g] to offsets[g + 1]: [P, O]; zeros in the rows of other groups.",
  inputs: ["x", "offsets", "weight_0", "weight_1?", "weight_2?", "weight_3?", "weight_4?", "weight_5?", "weight_6?", "weight_7?"],
  products: ["x", "weight_0", "weight_1", "weight_2", "weight_3", "weight_4", "weight_5", "weight_6", "weight_7"],
  outputs: ["y"],
  infer(inputs, { first, transposed }: GroupedLinearAttributes) {
    const { x, offsets } = inputs;
    const weights = weightsIn(inputs);
    const [O, I] = transposed ? weights[0].shape : [...weights[0].shape].reverse();
    expect(x.shape.length === 2 && weights[0].shape.length === 2 && x.shape[1] === I, `grouped_linear: x is [${x.shape}], weight_0 [${weights[0].shape}]`);
    for (const [i, weight] of weights.entries()) expectShape(`grouped_linear: weight_${i}`, weight, weights[0].shape);
    expect(offsets.dtype === "int32" && offsets.shape.length === 1 && first + weights.length < offsets.shape[0], `grouped_linear: groups ${first} to ${first + weights.length - 1}, offsets [${offsets.shape}]`);
    return [float(x.shape[0], O)];
  },
  gradient(b, { inputs, attributes: { first, transposed } }, [dy]) {
    const { x, offsets } = inputs;
    const weights = weightsIn(inputs);
    const dweight = (i: number): ValueId | null => {
      if (dy === null || i >= weights.length) return null;
      return transposed ? b.grouped_product(dy, x, offsets, { group: first + i }) : b.grouped_product(x, dy, offsets, { group: first + i });
    };
    return {
      x: dy === null ? null : groupedLinear(b, dy, offsets, weights, { first, transposed: !transposed }), offsets: null,
      weight_0: dweight(0), weight_1: dweight(1), weight_2: dweight(2), weight_3: dweight(3), weight_4: dweight(4), weight_5: dweight(5), weight_6: dweight(6), weight_7: dweight(7),
    };
  },
  // How many rows a group has only the data tells; all groups together have P, of which these are counted as having their share.
  flops: (inputs, [y]) => (2 * inputs.x.shape[1] * sizeOf(y.shape) * weightsIn(inputs).length) / (inputs.offsets.shape[0] - 1),
  evaluate(inputs, [y], { first, transposed }, { inputs: shapes, outputs: [[P, O]] }) {
    const { x, offsets } = inputs;
    const weights = weightsIn(inputs);
    const I = shapes.x[1];
    y.fill(0, 0, offsets[first] * O);
    y.fill(0, offsets[first + weights.length] * O, P * O);
    const multiply = transposed ? multiplyTransposed : multiplyPlain;
    weights.forEach((weight: Data, i) => {
      const [start, end] = [offsets[first + i], offsets[first + i + 1]];
      if (end > start) multiply(y.subarray(start * O, end * O), x.subarray(start * I, end * I), weight, end - start, I, O);
    });
  },
  lower(tf, inputs, { first, transposed }) {
    const { x, offsets } = inputs;
    const products = weightsIn(inputs).map((weight: Tensor, i) => tf.matMul(tf.mul(x, rowsOfGroup(tf, offsets, first + i, x.shape[0]!)) as Tensor, weight, false, transposed));
    return [products.reduce((sum, product) => tf.add(sum, product))];
  },
  samples: [
    { title: "three groups, one empty", inputs: { x: { shape: [5, 3] }, offsets: { shape: [4], dtype: "int32", values: [0, 2, 2, 5] }, weight_0: { shape: [4, 3] }, weight_1: { shape: [4, 3] }, weight_2: { shape: [4, 3] } }, attributes: { first: 0, transposed: true } },
    { title: "two of four groups, rows of no group", inputs: { x: { shape: [7, 3] }, offsets: { shape: [5], dtype: "int32", values: [0, 1, 3, 5, 6] }, weight_0: { shape: [3, 2] }, weight_1: { shape: [3, 2] } }, attributes: { first: 1, transposed: false } },
    { title: "eight groups", inputs: { x: { shape: [9, 2] }, offsets: { shape: [9], dtype: "int32", values: [0, 1, 2, 3, 4, 5, 6, 8, 9] }, weight_0: { shape: [2, 2] }, weight_1: { shape: [2, 2] }, weight_2: { shape: [2, 2] }, weight_3: { shape: [2, 2] }, weight_4: { shape: [2, 2] }, weight_5: { shape: [2, 2] }, weight_6: { shape: [2, 2] }, weight_7: { shape: [2, 2] } }, attributes: { first: 0, transposed: true } },
    { title: "one group", inputs: { x: { shape: [2, 3] }, offsets: { shape: [2], dtype: "int32", values: [0, 2] }, weight_0: { shape: [1, 3] } }, attributes: { first: 0, transposed: true } },
  ],
});

/** How many groups' weights one node takes. */
const most = 8;

function weightsIn<T>(inputs: Weights<T>): T[] {
  const { weight_0, weight_1, weight_2, weight_3, weight_4, weight_5, weight_6, weight_7 } = inputs as { readonly [W in `weight_${number}`]: T | undefined };
  return [weight_0, weight_1, weight_2, weight_3, weight_4, weight_5, weight_6, weight_7].filter((weight) => weight !== undefined);
}

/** Rows x [P, I] of any number of groups, from `first` on, times their weights: [P, O]. */
export function groupedLinear(b: Builder, x: ValueId, offsets: ValueId, weights: readonly ValueId[], { first, transposed }: GroupedLinearAttributes): ValueId {
  const parts: ValueId[] = [];
  for (let from = 0; from < weights.length; from += most) {
    const [w0, ...rest] = weights.slice(from, from + most);
    const [w1 = null, w2 = null, w3 = null, w4 = null, w5 = null, w6 = null, w7 = null] = rest;
    parts.push(b.grouped_linear(x, offsets, w0, w1, w2, w3, w4, w5, w6, w7, { first: first + from, transposed }));
  }
  return parts.reduce((sum, part) => b.add(sum, part));
}
