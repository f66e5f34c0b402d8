// pearson: Pearson's correlation, as scipy's `pearsonr`.

import { correlation } from "./_correlation.ts";
import { defineMetric } from "./define.ts";

export const pearson = defineMetric({
  word: "pearson",
  doc: "linear correlation of numbers",
  formula: "covariance / (deviation of x * deviation of y)",
  better: "higher",
  from: "numbers",
  parameters: {},
  compute: (predictions, references) => correlation(predictions, references),
});
