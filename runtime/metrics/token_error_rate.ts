// token_error_rate: edits over the tokens of the references, all texts together: word, phoneme or character error rate.

import { distance, unitField, unitsOf } from "./_edits.ts";
import { defineMetric } from "./define.ts";

export const token_error_rate = defineMetric({
  word: "token_error_rate",
  doc: "edits of all texts over the tokens of all references, each text against the reference with the fewest edits",
  formula: "edits / tokens of the references",
  better: "lower",
  from: "texts",
  parameters: { unit: unitField("words") },
  compute(predictions, references, { unit }) {
    let [edits, tokens] = [0, 0];
    predictions.forEach((text, i) => {
      const given = unitsOf(text, unit);
      const [best] = references[i].map((one) => unitsOf(one, unit)).map((right) => ({ edits: distance(given, right), tokens: right.length })).sort((a, b) => a.edits - b.edits || b.tokens - a.tokens);
      edits += best.edits;
      tokens += best.tokens;
    });
    return tokens === 0 ? { value: null, note: "the references have no tokens", details: { edits, tokens } } : { value: edits / tokens, details: { edits, tokens } };
  },
});
