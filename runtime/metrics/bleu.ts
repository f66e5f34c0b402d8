// bleu: BLEU (Papineni et al. 2002) from 0 to 100, as sacrebleu (Post 2018) computes it: 100 · brevity · exp(mean of log precisions of 1- to 4-grams).

import { mtevalTokens } from "./_mteval.ts";
import { tally, withoutTrailingSpace, wordsOf } from "./_text.ts";
import type { Options } from "./define.ts";
import { defineMetric, meanOf } from "./define.ts";

const order = 4;

/** Matching n-grams and all n-grams by n, and the lengths in tokens. */
export interface BleuCounts { readonly matches: number[]; readonly totals: number[]; readonly predicted: number; readonly right: number }
export interface Bleu extends BleuCounts { readonly score: number; readonly precisions: number[]; readonly brevity: number }

export const bleu = defineMetric({
  word: "bleu",
  doc: "n-grams of the text that occur in a reference, and not too short a text, from 0 to 100",
  formula: "100 min(1, exp(1 - right / predicted)) exp(mean log precision)",
  better: "higher",
  from: "texts",
  parameters: {
    level: { type: { type: "choice", words: { corpus: "counts of all texts together", sentence: "the mean of each text's, n-grams that are longer than it left out" } }, doc: "what is scored", default: "corpus", positional: true },
    lowercase: { type: { type: "switch" }, doc: "compare in lower case", default: "off" },
    tokenize: { type: { type: "choice", words: { mteval: "as the mteval-v13a script: sacrebleu's `13a`", none: "at spaces", characters: "each character" } }, doc: "how texts are cut into tokens", default: "mteval" },
    smooth: { type: { type: "choice", words: { exponential: "n-grams without a match count as half, a quarter, …", floor: "as a tenth of a match", add: "one match and one n-gram more from bigrams on", none: "not at all: the score is 0" } }, doc: "what is done with n-grams that have no match", default: "exponential" },
  },
  compute(predictions, references, options) {
    const counts = predictions.map((text, i) => bleuCounts(text, references[i], options));
    const { matches, totals, predicted, right, precisions, brevity, score } = bleuOf(summed(counts), options, false);
    if (options.level === "sentence") return { value: meanOf(counts.map((one) => bleuOf(one, options, true).score)) };
    return { value: score, details: { precisions, matches, totals, brevity, predicted, right } };
  },
});

/** Of one text: each n-gram matches as often as the reference that has most of it; the length is that of the nearest reference. */
export function bleuCounts(prediction: string, references: readonly string[], options: Options): BleuCounts {
  const tokens = tokensOf(prediction, options);
  const right = references.map((text) => tokensOf(text, options));
  const nearest = right.map((one) => one.length).sort((a, b) => Math.abs(a - tokens.length) - Math.abs(b - tokens.length) || a - b)[0];
  const matches: number[] = [];
  for (let n = 1; n <= order; n++) {
    const known = right.map((one) => tally(grams(one, n)));
    let sum = 0;
    for (const [gram, count] of tally(grams(tokens, n))) sum += Math.min(count, Math.max(...known.map((one) => one.get(gram) ?? 0)));
    matches.push(sum);
  }
  return { matches, totals: matches.map((_, i) => Math.max(0, tokens.length - i)), predicted: tokens.length, right: nearest };
}

function tokensOf(text: string, { lowercase, tokenize }: Options): string[] {
  const line = withoutTrailingSpace(lowercase === true ? text.toLowerCase() : text);
  if (tokenize === "mteval") return mtevalTokens(line);
  return tokenize === "characters" ? [...line].filter((character) => wordsOf(character).length > 0) : wordsOf(line);
}

function grams(tokens: readonly string[], n: number): string[] {
  return Array.from({ length: Math.max(0, tokens.length - n + 1) }, (_, i) => tokens.slice(i, i + n).join(" "));
}

function summed(counts: readonly BleuCounts[]): BleuCounts {
  const sums = (of: (one: BleuCounts) => number): number => counts.reduce((sum, one) => sum + of(one), 0);
  const byN = (key: "matches" | "totals"): number[] => Array.from({ length: order }, (_, i) => sums((one) => one[key][i]));
  return { matches: byN("matches"), totals: byN("totals"), predicted: sums((one) => one.predicted), right: sums((one) => one.right) };
}

/** `effective`: n-grams longer than the text are left out of the mean. */
export function bleuOf(counts: BleuCounts, { smooth }: Options, effective: boolean): Bleu {
  const { predicted, right } = counts;
  const brevity = predicted >= right ? 1 : predicted === 0 ? 0 : Math.exp(1 - right / predicted);
  const precisions = new Array<number>(order).fill(0);
  if (counts.matches.every((count) => count === 0)) return { ...counts, precisions, brevity, score: 0 };
  let used = order;
  let halved = 1;
  for (let i = 0; i < order; i++) {
    const added = smooth === "add" && i > 0 ? 1 : 0;
    const [matches, total] = [counts.matches[i] + added, counts.totals[i] + added];
    if (total === 0) break;
    if (effective) used = i + 1;
    if (matches > 0) precisions[i] = (100 * matches) / total;
    else if (smooth === "exponential") precisions[i] = 100 / ((halved *= 2) * total);
    else if (smooth === "floor") precisions[i] = 10 / total;
  }
  const taken = precisions.slice(0, used);
  const score = taken.some((precision) => precision === 0) ? 0 : brevity * Math.exp(taken.reduce((sum, precision) => sum + Math.log(precision), 0) / used);
  return { ...counts, precisions, brevity, score };
}
