// contrastive: which image goes with which text, among those of the batch (Radford et al. 2021).

import { contrastiveSum } from "../contrastive.ts";
import { unit } from "../layers/cosine.ts";
import { defineApply } from "./define.ts";

export const contrastive = defineApply({
  word: "contrastive",
  doc: "Compares every pair of the batch; the mean of the cross entropies of rows and of columns, an example with its own partner being right.",
  fits: ([head]) => head !== undefined && head.branches.length === 2,
  heads: ["contrastive"],
  targets: () => ({ return_loss: { axes: [], type: "id", below: 2 } }),
  outputs: (pass, [head]) => {
    const { b } = pass;
    const [first, second] = head.branches.map(({ stack }) => stack.path);
    const scores = pass.head(head);
    const sides = pass.branches(head).map((side) => unit(b, side));
    return { [`logits_per_${first}`]: scores, [`logits_per_${second}`]: b.transpose(scores, { permutation: [1, 0] }), [`${first}_embeds`]: sides[0], [`${second}_embeds`]: sides[1] };
  },
  loss: ({ b }, outputs) => {
    const [scores] = Object.values(outputs);
    const [B] = b.info(scores).shape;
    const targets = b.input("contrastive.targets", { shape: [B], dtype: "int32" });
    return contrastiveSum(b, scores, targets, b.constant({ shape: [B], value: 1 / B }));
  },
  feeds: ({ return_loss }, { B }) => (return_loss![0] ? { "contrastive.targets": Int32Array.from({ length: B }, (_, i) => i) } : null),
});
