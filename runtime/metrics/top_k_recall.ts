// top_k_recall: whether the right candidates are among the k with the highest scores, as for contrastive models (CLIP, Radford et al. 2021).

import { defineMetric, meanOf } from "./define.ts";

export const top_k_recall = defineMetric({
  word: "top_k_recall",
  doc: "share of right candidates among the k highest scores, averaged over queries; of equal scores the wrong one counts as higher; of a contrastive run in both directions over groups of up to 5,000 held-out pairs, where the partner alone is right, so pairs of the same caption stand in each other's way",
  formula: "right among the first k / right",
  better: "higher",
  from: "scores",
  parameters: { k: { type: { type: "integer", minimum: 1 }, doc: "how many of the highest scores are looked at", default: "1", positional: true } },
  compute(predictions, references, { k }) {
    return { value: meanOf(predictions.map((scores, i) => references[i].filter((right) => rankOf(scores, right, references[i]) <= (k as number)).length / references[i].length)) };
  },
});

/** From 1. Equal scores would be a matter of order, so that a model which cannot tell candidates apart found them all. */
function rankOf(scores: readonly number[], right: number, alsoRight: readonly number[]): number {
  let rank = 1;
  for (let other = 0; other < scores.length; other++) {
    if (other !== right && (scores[other] > scores[right] || (scores[other] === scores[right] && (!alsoRight.includes(other) || other < right)))) rank++;
  }
  return rank;
}
