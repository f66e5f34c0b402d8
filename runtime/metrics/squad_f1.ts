// squad_f1: words that prediction and reference share (SQuAD, Rajpurkar et al. 2016), the best over references.

import { normalizedAnswer, overlapOf, tally, wordsOf } from "./_text.ts";
import { defineMetric, meanOf } from "./define.ts";

export const squad_f1 = defineMetric({
  word: "squad_f1",
  doc: "mean over texts of the F1 of normalised words, against the best reference",
  formula: "2 shared / (words predicted + words of the reference)",
  better: "higher",
  from: "texts",
  parameters: {},
  compute: (predictions, references) => ({ value: meanOf(predictions.map((text, i) => Math.max(...references[i].map((one) => overlap(text, one))))) }),
});

/** Where a side has no words the other must have none either. */
function overlap(prediction: string, reference: string): number {
  const [a, b] = [prediction, reference].map((text) => wordsOf(normalizedAnswer(text)));
  if (!a.length || !b.length) return a.length === b.length ? 1 : 0;
  return (2 * overlapOf(tally(a), tally(b))) / (a.length + b.length);
}
