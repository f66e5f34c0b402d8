// combine_pairs: the rows of each token's pairs summed: y[n] = Σ_j w[n, j] · x[p] for order[p] = n·K + j.
// N tokens, K choices of a token, P places, D width. The transpose of gather_pairs.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectPairs, tokensOf, weightsOf } from "./_pairs.ts";
import { expect, float } from "./_shapes.ts";

export type CombinePairsAttributes = { readonly tokens: number; readonly top: number };

export const combine_pairs = defineOp({
  name: "combine_pairs",
  doc: "Sums the rows of x [P, D] into the tokens of their pairs in order [P], times their weights [tokens, top] where given: [tokens, D].",
  inputs: ["x", "order", "weights?"],
  outputs: ["y"],
  infer({ x, order, weights }, { tokens, top }: CombinePairsAttributes) {
    expect(x.shape.length === 2 && x.shape[0] === order.shape[0], `combine_pairs: x is [${x.shape}], order [${order.shape}]`);
    expectPairs("combine_pairs", order, weights, tokens, top);
    return [float(tokens, x.shape[1])];
  },
  gradient(b, { inputs: { x, order, weights }, attributes: { top } }, [dy]) {
    if (dy === null) return { x: null, order: null, weights: null };
    return { x: b.gather_pairs(dy, order, weights ?? null, { top }), order: null, weights: weights === undefined ? null : b.pair_products(x, dy, order, { top }) };
  },
  flops: ({ x, weights }) => (weights ? 2 : 1) * sizeOf(x.shape),
  evaluate({ x, order, weights }, [y], { top }, { inputs }) {
    const [P, D] = inputs.x;
    y.fill(0);
    for (let p = 0, from = 0; p < P; p++, from += D) {
      const pair = order[p];
      if (pair < 0) continue;
      const at = Math.floor(pair / top) * D;
      const w = weights ? weights[pair] : 1;
      for (let j = 0; j < D; j++) y[at + j] += w * x[from + j];
    }
  },
  lower(tf, { x, order, weights }, { tokens, top }) {
    const { token } = tokensOf(tf, order, top);
    return [tf.scatterND(tf.reshape(token, [order.size, 1]) as never, tf.mul(x, weightsOf(tf, order, top, weights)), [tokens, x.shape[1]!])];
  },
  samples: [
    { title: "two choices", inputs: { x: { shape: [6, 4] }, order: { shape: [6], dtype: "int32", values: [1, 4, 0, 3, 5, 2] } }, attributes: { tokens: 3, top: 2 } },
    { title: "with weights", inputs: { x: { shape: [6, 4] }, order: { shape: [6], dtype: "int32", values: [1, 4, 0, 3, 5, 2] }, weights: { shape: [3, 2] } }, attributes: { tokens: 3, top: 2 } },
    { title: "some left out", inputs: { x: { shape: [4, 3] }, order: { shape: [4], dtype: "int32", values: [3, 0, 2, -1] }, weights: { shape: [4, 1] } }, attributes: { tokens: 4, top: 1 } },
  ],
});
