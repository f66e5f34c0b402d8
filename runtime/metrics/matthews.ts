// matthews: Matthews' correlation of labels for any number of them (Gorodkin 2004, R_K; GLUE's metric of CoLA).
// n examples, c right, p_k and t_k how often label k is predicted and in the references: (c n − Σ p t) / √((n² − Σ p²)(n² − Σ t²)).

import { countsOf } from "./_confusion.ts";
import { defineMetric } from "./define.ts";

export const matthews = defineMetric({
  word: "matthews",
  doc: "correlation of predicted and right labels, 1 where all are right and 0 where they have nothing to do with each other",
  formula: "(c n - sum p t) / sqrt((n^2 - sum p^2)(n^2 - sum t^2))",
  better: "higher",
  from: "labels",
  parameters: {},
  compute(predictions, references) {
    const n = references.length;
    let [right, both, predicted, actual] = [0, 0, 0, 0];
    for (const count of countsOf(predictions, references).values()) {
      right += count.right;
      both += count.predicted * count.actual;
      predicted += count.predicted ** 2;
      actual += count.actual ** 2;
    }
    const spread = (n * n - predicted) * (n * n - actual);
    if (spread === 0) return { value: 0, note: `${n * n === actual ? "the references are" : "the predictions are"} all one label, where the correlation is given as 0` };
    return { value: (right * n - both) / Math.sqrt(spread) };
  },
});
