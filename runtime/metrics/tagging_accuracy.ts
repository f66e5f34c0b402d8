// tagging_accuracy: how often the tag of a token is right, over the tokens of all sequences.

import { defineMetric } from "./define.ts";

export const tagging_accuracy = defineMetric({
  word: "tagging_accuracy",
  doc: "share of tokens with the right tag",
  formula: "right / tokens",
  better: "higher",
  from: "tags",
  parameters: {},
  compute(predictions, references) {
    let [right, tokens] = [0, 0];
    references.forEach((tags, i) => tags.forEach((tag, j) => {
      tokens++;
      if (predictions[i][j] === tag) right++;
    }));
    return tokens === 0 ? { value: null, note: "the sequences have no tokens" } : { value: right / tokens };
  },
});
