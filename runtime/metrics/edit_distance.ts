// edit_distance: insertions, deletions and replacements from the prediction to its nearest reference (Levenshtein 1966).

import { distance, unitField, unitsOf } from "./_edits.ts";
import { defineMetric, meanOf } from "./define.ts";

export const edit_distance = defineMetric({
  word: "edit_distance",
  doc: "mean over texts of the edits to the nearest reference",
  formula: "edits / length of the longer text",
  better: "lower",
  from: "texts",
  parameters: {
    unit: unitField("characters"),
    normalize: { type: { type: "switch" }, doc: "a share of the longer text's length, from 0 to 1, instead of a number of edits", default: "on" },
  },
  compute(predictions, references, { unit, normalize }) {
    const edits = (text: string, reference: string): number => {
      const [a, b] = [text, reference].map((one) => unitsOf(one, unit));
      return distance(a, b) / (normalize === true ? Math.max(1, a.length, b.length) : 1);
    };
    return { value: meanOf(predictions.map((text, i) => Math.min(...references[i].map((one) => edits(text, one))))) };
  },
});
