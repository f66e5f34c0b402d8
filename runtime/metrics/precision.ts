// precision: right / predicted, of one label or averaged over labels.

import { averageFields, scoreLabels } from "./_confusion.ts";
import { defineMetric } from "./define.ts";

export const precision = defineMetric({
  word: "precision",
  doc: "share of what was predicted that is right",
  formula: "right / predicted",
  better: "higher",
  from: "labels",
  parameters: averageFields,
  compute: (predictions, references, options) => scoreLabels(predictions, references, options, "precision"),
});
