// cosine: similarity of two branches for all pairs of a batch, times exp of a learned scale (Radford et al. 2021, CLIP).
// B examples, D width of both branches.

import type { Builder } from "../graph/builder-types.ts";
import type { ValueId } from "../graph/node.ts";
import { defineLayer, numberIn } from "./define.ts";

export const cosine = defineLayer({
  word: "cosine",
  doc: "Joins two branches: the cosine of every pair of a batch, [B, B], times exp of a learned scale.",
  role: "join",
  parameters: { logit_scale: { type: { type: "number" }, doc: "what the logarithm of the scale starts at", default: "2.6592" } },
  width: (_, input) => input.width,
  weights: (args) => ({ logit_scale: { shape: [], initializer: { word: "constant", arguments: { value: numberIn(args, "logit_scale") } }, decay: false } }),
  build: (c, x, _, { logit_scale }, other) => {
    const { b } = c;
    const scores = b.matmul(unit(b, x!), unit(b, other!), { transpose_x: false, transpose_y: true });
    return b.multiply(scores, b.exponential(logit_scale));
  },
});

/** Rows of length 1. */
export function unit(b: Builder, x_BD: ValueId): ValueId {
  const { shape } = b.info(x_BD);
  const length = b.square_root(b.sum_to(b.square(x_BD), { shape: [shape[0], 1] }));
  return b.divide(x_BD, b.broadcast_to(length, { shape }));
}
