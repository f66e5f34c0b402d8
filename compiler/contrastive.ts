// The loss of a comparison (Radford et al. 2021): each text against all images and each image against all texts, half of each.

import type { Builder } from "./graph/builder-types.ts";
import type { ValueId } from "./graph/node.ts";

/** Sum over examples of their losses, from scores [B, B], the partner of each example int32 [B] and weights [B]. */
export function contrastiveSum(b: Builder, scores_BB: ValueId, targets: ValueId, weights: ValueId): ValueId {
  return b.at("loss", () => {
    const across = b.cross_entropy(scores_BB, targets, weights)[0];
    const down = b.cross_entropy(b.transpose(scores_BB, { permutation: [1, 0] }), targets, weights)[0];
    return b.scale(b.add(across, down), { factor: 0.5 });
  });
}
