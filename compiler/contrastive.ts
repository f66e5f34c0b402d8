// The loss of a comparison: the mean of the cross entropies of rows and of columns, the diagonal being right (Radford et al. 2021).

import type { ValueId } from "./graph/node.ts";
import type { Forward } from "./phases/3-build.ts";

/** From scores [B, B]; declares the input `contrastive.targets` int32 [B], which is 0 … B − 1. */
export function contrastiveLoss({ b }: Forward, scores: ValueId): ValueId {
  const [B] = b.info(scores).shape;
  const targets = b.input("contrastive.targets", { shape: [B], dtype: "int32" });
  return b.at("loss", () => {
    const weights = b.constant({ shape: [B], value: 1 / (2 * B) });
    const rows = b.cross_entropy(scores, targets, weights)[0];
    const columns = b.cross_entropy(b.transpose(scores, { permutation: [1, 0] }), targets, weights)[0];
    return b.add(rows, columns);
  });
}
