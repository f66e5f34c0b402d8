// spearman: Pearson's correlation of ranks, as scipy's `spearmanr`.

import { correlation, ranksOf } from "./_correlation.ts";
import { defineMetric } from "./define.ts";

export const spearman = defineMetric({
  word: "spearman",
  doc: "correlation of the ranks of numbers, equal ones sharing the mean of theirs",
  formula: "pearson of ranks",
  better: "higher",
  from: "numbers",
  parameters: {},
  compute: (predictions, references) => correlation(ranksOf(predictions), ranksOf(references)),
});
