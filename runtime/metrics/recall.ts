// recall: right / actual, of one label or averaged over labels.

import { averageFields, scoreLabels } from "./_confusion.ts";
import { defineMetric } from "./define.ts";

export const recall = defineMetric({
  word: "recall",
  doc: "share of what should have been predicted that was",
  formula: "right / actual",
  better: "higher",
  from: "labels",
  parameters: averageFields,
  compute: (predictions, references, options) => scoreLabels(predictions, references, options, "recall"),
});
