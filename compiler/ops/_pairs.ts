// What the ops on routed pairs share. Pair n·K + j is token n's j-th choice; order lists pairs, -1 where there is none.
// N tokens, K choices of a token, P places in the order, D width.

import { expect, expectShape } from "./_shapes.ts";
import type { ValueInfo } from "../graph/node.ts";
import type { Tensor, Tf } from "./define.ts";

/** Tokens of the pairs in an order, 0 where there is none, and 1 or 0 for whether there is one, [P, 1]. */
export function tokensOf(tf: Tf, order: Tensor, top: number): { readonly token: Tensor; readonly is: Tensor } {
  const pair = tf.maximum(order, tf.scalar(0, "int32"));
  return { token: tf.cast(tf.floorDiv(pair, tf.scalar(top, "int32")), "int32"), is: tf.reshape(tf.cast(tf.greaterEqual(order, tf.scalar(0, "int32")), "float32"), [order.size, 1]) };
}

/** Weights [N, K] of the pairs in an order, 0 where there is none: [P, 1]. */
export function weightsOf(tf: Tf, order: Tensor, top: number, weights: Tensor | undefined): Tensor {
  const { is } = tokensOf(tf, order, top);
  if (!weights) return is;
  return tf.mul(is, tf.reshape(tf.gather(tf.reshape(weights, [weights.size]), tf.cast(tf.maximum(order, tf.scalar(0, "int32")), "int32")), [order.size, 1]));
}

export function expectPairs(op: string, order: ValueInfo, weights: ValueInfo | undefined, tokens: number, top: number): void {
  expect(order.dtype === "int32" && order.shape.length === 1, `${op}: order is ${order.dtype} [${order.shape}]`);
  if (weights) expectShape(`${op}: weights`, weights, [tokens, top]);
}
