// pair_products: d[n, j] = x[p] · y[n] for order[p] = n·K + j, 0 for pairs that are left out: the gradient of their weights.
// N tokens, K choices of a token, P places, D width.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectPairs, tokensOf } from "./_pairs.ts";
import { expect, float } from "./_shapes.ts";

export type PairProductsAttributes = { readonly top: number };

export const pair_products = defineOp({
  name: "pair_products",
  doc: "Inner products of the rows of x [P, D] with their token's row of y [N, D], by pair: [N, top].",
  inputs: ["x", "y", "order"],
  outputs: ["d"],
  infer({ x, y, order }, { top }: PairProductsAttributes) {
    expect(x.shape.length === 2 && y.shape.length === 2 && x.shape[1] === y.shape[1] && x.shape[0] === order.shape[0], `pair_products: x is [${x.shape}], y [${y.shape}], order [${order.shape}]`);
    expectPairs("pair_products", order, undefined, y.shape[0], top);
    return [float(y.shape[0], top)];
  },
  gradient: "not differentiable",
  flops: ({ x }) => 2 * sizeOf(x.shape),
  evaluate({ x, y, order }, [d], { top }, { inputs }) {
    const [P, D] = inputs.x;
    d.fill(0);
    for (let p = 0, from = 0; p < P; p++, from += D) {
      const pair = order[p];
      if (pair < 0) continue;
      const at = Math.floor(pair / top) * D;
      let sum = 0;
      for (let j = 0; j < D; j++) sum += x[from + j] * y[at + j];
      d[pair] = sum;
    }
  },
  lower(tf, { x, y, order }, { top }) {
    const { token, is } = tokensOf(tf, order, top);
    const products = tf.mul(tf.sum(tf.mul(x, tf.gather(y, token as never)), 1), tf.reshape(is, [order.size]));
    const pair = tf.reshape(tf.cast(tf.maximum(order, tf.scalar(0, "int32")), "int32"), [order.size, 1]);
    return [tf.reshape(tf.scatterND(pair as never, products, [y.shape[0]! * top]), [y.shape[0]!, top])];
  },
  samples: [
    { title: "two choices", inputs: { x: { shape: [6, 4] }, y: { shape: [3, 4] }, order: { shape: [6], dtype: "int32", values: [1, 4, 0, 3, 5, 2] } }, attributes: { top: 2 } },
    { title: "some left out", inputs: { x: { shape: [4, 3] }, y: { shape: [4, 3] }, order: { shape: [4], dtype: "int32", values: [3, 0, 2, -1] } }, attributes: { top: 1 } },
  ],
});
