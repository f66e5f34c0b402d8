// Levenshtein's distance: the fewest insertions, deletions and replacements.

import type { Field } from "../../grammar/fields.ts";
import { wordsOf } from "./_text.ts";

export const unitField = (unit: "characters" | "words"): Field => ({
  type: { type: "choice", words: { characters: "code points", words: "what is between spaces: words, or tokens and phonemes written with spaces" } },
  doc: "what is inserted, deleted or replaced",
  default: unit,
  positional: true,
});

export function unitsOf(text: string, unit: unknown): string[] {
  return unit === "characters" ? [...text] : wordsOf(text);
}

/** In time |a| |b| and memory |b|. */
export function distance(a: readonly string[], b: readonly string[]): number {
  let row = Int32Array.from({ length: b.length + 1 }, (_, j) => j);
  let next = new Int32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    next[0] = i;
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    [row, next] = [next, row];
  }
  return row[b.length];
}
