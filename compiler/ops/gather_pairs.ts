// gather_pairs: each routed pair's token, one row a place of the order: y[p] = w[n, j] · x[n] for order[p] = n·K + j.
// N tokens, K choices of a token, P places, D width. The transpose of combine_pairs.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectPairs, tokensOf, weightsOf } from "./_pairs.ts";
import { expect, float } from "./_shapes.ts";

export type GatherPairsAttributes = { readonly top: number };

export const gather_pairs = defineOp({
  name: "gather_pairs",
  doc: "Rows of x [N, D] for the pairs in order [P], times their weights [N, top] where given: [P, D]; zeros where order is -1.",
  inputs: ["x", "order", "weights?"],
  outputs: ["y"],
  infer({ x, order, weights }, { top }: GatherPairsAttributes) {
    expect(x.shape.length === 2, `gather_pairs: x is [${x.shape}]`);
    expectPairs("gather_pairs", order, weights, x.shape[0], top);
    return [float(order.shape[0], x.shape[1])];
  },
  gradient(b, { inputs: { x, order, weights }, attributes: { top } }, [dy]) {
    if (dy === null) return { x: null, order: null, weights: null };
    const [tokens] = b.info(x).shape;
    return { x: b.combine_pairs(dy, order, weights ?? null, { tokens, top }), order: null, weights: weights === undefined ? null : b.pair_products(dy, x, order, { top }) };
  },
  flops: ({ weights }, [y]) => (weights ? sizeOf(y.shape) : 0),
  bytes: (_, [y]) => 8 * sizeOf(y.shape),
  evaluate({ x, order, weights }, [y], { top }, { outputs: [[P, D]] }) {
    for (let p = 0, at = 0; p < P; p++, at += D) {
      const pair = order[p];
      if (pair < 0) {
        y.fill(0, at, at + D);
        continue;
      }
      const from = Math.floor(pair / top) * D;
      const w = weights ? weights[pair] : 1;
      for (let j = 0; j < D; j++) y[at + j] = w * x[from + j];
    }
  },
  lower: (tf, { x, order, weights }, { top }) => [tf.mul(tf.gather(x, tokensOf(tf, order, top).token as never), weightsOf(tf, order, top, weights))],
  samples: [
    { title: "two choices", inputs: { x: { shape: [3, 4] }, order: { shape: [6], dtype: "int32", values: [1, 4, 0, 3, 5, 2] } }, attributes: { top: 2 } },
    { title: "with weights", inputs: { x: { shape: [3, 4] }, order: { shape: [6], dtype: "int32", values: [1, 4, 0, 3, 5, 2] }, weights: { shape: [3, 2] } }, attributes: { top: 2 } },
    { title: "some left out", inputs: { x: { shape: [4, 3] }, order: { shape: [4], dtype: "int32", values: [3, 0, 2, -1] }, weights: { shape: [4, 1] } }, attributes: { top: 1 } },
  ],
});
