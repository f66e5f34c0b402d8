// sample: each token is drawn by its probability after the filters, with one uniform number.

import type { RandomStream } from "../../../compiler/random.ts";
import { filteredProbabilities, type FilterSettings } from "../filters.ts";
import { largest } from "../logits.ts";
import { independentTexts } from "./_independent.ts";
import { commonFields, defineDecoding, numberOf, penaltiesOf, sequencesField } from "./define.ts";

export const sample = defineDecoding({
  word: "sample",
  doc: "Draws each token by its probability, after filters in this order: temperature, top_k, top_p, min_p, typical_p.",
  parameters: {
    ...commonFields,
    temperature: { type: { type: "number", minimum: 0 }, doc: "divides the logits; 0 is greedy", default: "1" },
    top_k: { type: { type: "integer", minimum: 1 }, doc: "only the k likeliest tokens, and all as likely as the last of them" },
    top_p: { type: { type: "number", minimum: 0, maximum: 1, exclusive: true }, doc: "only the likeliest tokens that together have this probability" },
    min_p: { type: { type: "number", minimum: 0, maximum: 1 }, doc: "only tokens at least this times as likely as the likeliest" },
    typical_p: { type: { type: "number", minimum: 0, maximum: 1, exclusive: true }, doc: "only the tokens whose information is closest to the entropy, that together have this probability" },
    sequences: sequencesField,
  },
  rows: (args) => numberOf(args, "sequences") ?? 1,
  begin(args, start) {
    const filters: FilterSettings = Object.fromEntries(["temperature", "top_k", "top_p", "min_p", "typical_p"].map((name) => [name, numberOf(args, name)]));
    const count = numberOf(args, "sequences") ?? 1;
    const randoms = Array.from({ length: count }, (_, text) => start.random(text));
    return independentTexts(count, penaltiesOf(args), start, (scores, text) => drawToken(scores, filters, randoms[text]));
  },
});

/** The most likely id at temperature 0, else one drawn by its probability with one uniform number of `random`. */
export function drawToken(logits: ArrayLike<number>, filters: FilterSettings, random: RandomStream): number {
  if (filters.temperature === 0) return largest(logits);
  const p = filteredProbabilities(logits, filters);
  let left = random.unit();
  let last = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] === 0) continue;
    last = i;
    left -= p[i];
    if (left < 0) return i;
  }
  return last;
}
