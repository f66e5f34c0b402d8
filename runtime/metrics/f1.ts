// f1: 2 right / (predicted + actual), of one label or averaged over labels.

import { averageFields, scoreLabels } from "./_confusion.ts";
import { defineMetric } from "./define.ts";

export const f1 = defineMetric({
  word: "f1",
  doc: "harmonic mean of precision and recall",
  formula: "2 right / (predicted + actual)",
  better: "higher",
  from: "labels",
  parameters: averageFields,
  compute: (predictions, references, options) => scoreLabels(predictions, references, options, "f1"),
});
