// The loss of a comparison (Radford et al. 2021): each text against all images and each image against all texts, half of each.

import type { Builder } from "./graph/builder-types.ts";
import type { ValueId } from "./graph/node.ts";

/**
 * Sum over examples of their losses, from scores [B, B], the partner of each example int32 [B] and weights [B]. `filled`: examples of
 * weight 0 are answers to nobody.
 */
export function contrastiveSum(b: Builder, scores_BB: ValueId, targets: ValueId, weights: ValueId, filled = false): ValueId {
  return b.at("loss", () => {
    const { shape } = b.info(scores_BB);
    const among = (scores: ValueId): ValueId => {
      if (!filled) return scores;
      const far = b.scale(b.subtract(weights, b.constant({ shape: b.info(weights).shape, value: 1 })), { factor: 1e9 });
      return b.add(scores, b.broadcast_to(b.reshape(far, { shape: [1, shape[1]] }), { shape }));
    };
    const across = b.cross_entropy(among(scores_BB), targets, weights)[0];
    const down = b.cross_entropy(among(b.transpose(scores_BB, { permutation: [1, 0] })), targets, weights)[0];
    return b.scale(b.add(across, down), { factor: 0.5 });
  });
}
