// Sums of losses that runs on tasks and `pt apply` have in common. B examples, T positions.

import type { Builder } from "./graph/builder-types.ts";
import type { ValueId } from "./graph/node.ts";

/** Σ over examples of weight · (y − target)², from y [B, 1]; without weights each counts 1. */
export function squaredErrorSum(b: Builder, y_B1: ValueId, targets_B1: ValueId, weights_B1: ValueId | null): ValueId {
  const errors_B1 = b.subtract(y_B1, targets_B1);
  return weights_B1 === null ? b.sum_of_squares(errors_B1) : b.sum_to(b.multiply(weights_B1, b.square(errors_B1)), { shape: [] });
}

/** Scores of every position as the first and as the last of an answer, [B, 2, T], from the head's [B, T, 2] (Devlin et al. 2019, section 4.2). */
export function spanScores(b: Builder, both_BT2: ValueId): ValueId {
  const [B, T] = b.info(both_BT2).shape;
  const side = (start: number): ValueId => b.reshape(b.slice(both_BT2, { axis: 2, start, size: 1 }), { shape: [B, 1, T] });
  return b.concatenate(side(0), side(1), { axis: 1 });
}
