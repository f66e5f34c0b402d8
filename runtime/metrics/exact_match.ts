// exact_match: whether the text is one of the right ones (SQuAD, Rajpurkar et al. 2016).

import { normalizedAnswer } from "./_text.ts";
import { defineMetric, meanOf } from "./define.ts";

export const exact_match = defineMetric({
  word: "exact_match",
  doc: "share of texts that are the same as a reference",
  formula: "same / all",
  better: "higher",
  from: "texts",
  parameters: {
    normalize: { type: { type: "choice", words: { squad: "without case, ASCII punctuation, articles and doubled spaces", none: "character by character" } }, doc: "what is compared", default: "squad", positional: true },
  },
  compute(predictions, references, { normalize }) {
    const form = (text: string): string => (normalize === "squad" ? normalizedAnswer(text) : text);
    return { value: meanOf(predictions.map((text, i) => (references[i].some((one) => form(one) === form(text)) ? 1 : 0))) };
  },
});
