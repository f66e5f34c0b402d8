// accuracy: how often the label is right.

import { defineMetric } from "./define.ts";

export const accuracy = defineMetric({
  word: "accuracy",
  doc: "share of labels that are right",
  formula: "right / all",
  better: "higher",
  from: "labels",
  parameters: {},
  compute: (predictions, references) => ({ value: references.filter((label, i) => label === predictions[i]).length / references.length }),
});
