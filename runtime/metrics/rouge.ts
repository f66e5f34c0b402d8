// rouge: ROUGE-N, ROUGE-L and ROUGE-Lsum (Lin 2004), as Google's `rouge_score` computes them: F1 of one text, the best reference, the mean over texts.
// Tokens are runs of a-z and 0-9 in lower case; with the stemmer those of more than three letters are stemmed.

import { stem } from "./_porter.ts";
import { overlapOf, tally } from "./_text.ts";
import { defineMetric, meanOf } from "./define.ts";

export interface Rouge { readonly precision: number; readonly recall: number; readonly f1: number }

export const rouge = defineMetric({
  word: "rouge",
  doc: "n-grams (`type: 1`, `2`, …) or the longest common subsequence (`l`, and `lsum` sentence by sentence) that text and reference share",
  formula: "2 precision recall / (precision + recall)",
  better: "higher",
  from: "texts",
  parameters: {
    type: { type: { type: "any", of: [{ type: "integer", minimum: 1, maximum: 9 }, { type: "choice", words: { l: "longest common subsequence of the whole text", lsum: "the union of those of each line, lines being sentences" } }] }, doc: "n of n-grams, `l` or `lsum`", default: "l", positional: true },
    stemmer: { type: { type: "switch" }, doc: "compare Porter's stems of words", default: "off" },
  },
  compute(predictions, references, { type, stemmer }) {
    const scores = predictions.map((text, i) => references[i].map((one) => rougeOf(text, one, type as number | "l" | "lsum", stemmer === true)).reduce((best, one) => (one.f1 > best.f1 ? one : best)));
    const [precision, recall, f1] = (["precision", "recall", "f1"] as const).map((key) => meanOf(scores.map((score) => score[key])));
    return { value: f1, details: { precision, recall, f1 } };
  },
});

export function rougeOf(prediction: string, reference: string, type: number | "l" | "lsum", stemmer: boolean): Rouge {
  if (type === "lsum") {
    const [a, b] = [prediction, reference].map((text) => text.split("\n").filter((line) => line !== "").map((line) => tokensOf(line, stemmer)));
    return ratio(sharedOfSentences(a, b), count(a), count(b));
  }
  const [a, b] = [prediction, reference].map((text) => tokensOf(text, stemmer));
  if (type === "l") return ratio(commonLength(a, b), a.length, b.length);
  const [x, y] = [a, b].map((tokens) => grams(tokens, type));
  return ratio(overlapOf(tally(x), tally(y)), x.length, y.length);
}

export function tokensOf(text: string, stemmer: boolean): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return stemmer ? tokens.map((token) => (token.length > 3 ? stem(token) : token)) : tokens;
}

/** Of `shared` among this many on each side; 0 where there are none. */
function ratio(shared: number, predicted: number, right: number): Rouge {
  const precision = predicted ? shared / predicted : 0;
  const recall = right ? shared / right : 0;
  return { precision, recall, f1: shared > 0 ? (2 * precision * recall) / (precision + recall) : 0 };
}

function grams(tokens: readonly string[], n: number): string[] {
  return Array.from({ length: Math.max(0, tokens.length - n + 1) }, (_, i) => tokens.slice(i, i + n).join(" "));
}

const count = (sentences: readonly (readonly string[])[]): number => sentences.reduce((sum, tokens) => sum + tokens.length, 0);

/** Length of the longest common subsequence, in memory of one row. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  const row = new Int32Array(b.length + 1);
  for (const token of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      row[j] = token === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row[b.length];
}

/** For each reference sentence the union of its common subsequences with all of the prediction's; each token counts as often as both sides have it. */
function sharedOfSentences(predicted: readonly (readonly string[])[], right: readonly (readonly string[])[]): number {
  const [left, open] = [predicted, right].map((sentences) => tally(sentences.flat()));
  let shared = 0;
  for (const sentence of right) {
    const union = new Set(predicted.flatMap((other) => commonPlaces(sentence, other)));
    for (const place of [...union].sort((a, b) => a - b)) {
      const token = sentence[place];
      if (!(left.get(token)! > 0 && open.get(token)! > 0)) continue;
      shared++;
      left.set(token, left.get(token)! - 1);
      open.set(token, open.get(token)! - 1);
    }
  }
  return shared;
}

/** Places in `a` of one longest common subsequence: of several, that which ends earliest in `a`, as rouge_score walks back. */
function commonPlaces(a: readonly string[], b: readonly string[]): number[] {
  const width = b.length + 1;
  const table = new Int32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) table[i * width + j] = a[i - 1] === b[j - 1] ? table[(i - 1) * width + j - 1] + 1 : Math.max(table[(i - 1) * width + j], table[i * width + j - 1]);
  }
  const places: number[] = [];
  for (let [i, j] = [a.length, b.length]; i > 0 && j > 0; ) {
    if (a[i - 1] === b[j - 1]) {
      places.push(--i);
      j--;
    } else if (table[i * width + j - 1] > table[(i - 1) * width + j]) j--;
    else i--;
  }
  return places;
}
