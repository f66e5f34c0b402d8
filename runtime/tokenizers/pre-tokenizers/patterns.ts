// Pre-tokenizers that cut at characters or matches.

import type { CutStep, Tile } from "./step.ts";

const space = /\p{White_Space}/u;
const startsWithSpace = (piece: string): boolean => /^\p{White_Space}/u.test(piece);

/** ASCII symbols count as punctuation too (`$`, `+`, `~`), as in BERT. */
const punctuation = "!-\\/:-@\\[-`\\{-~\\p{P}";

/** Words, and each punctuation sign by itself. */
export const bertStep: CutStep = {
  cut: tiles(new RegExp(`\\p{White_Space}+|[${punctuation}]|[^\\p{White_Space}${punctuation}]+`, "gu")),
  drops: startsWithSpace,
  breaks: space,
};

export const wordCharacters = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";

/** Runs of word characters, and runs of the rest (`\w+|[^\w\s]+`). */
export const whitespaceStep: CutStep = {
  cut: tiles(new RegExp(`[${wordCharacters}]+|\\p{White_Space}+|[^${wordCharacters}\\p{White_Space}]+`, "gu")),
  drops: startsWithSpace,
  breaks: space,
};

export const whitespaceSplitStep: CutStep = { cut: tiles(/\p{White_Space}+|\P{White_Space}+/gu), drops: startsWithSpace, breaks: space };

export const digitsStep = (each: boolean): CutStep => ({ cut: tiles(each ? /\p{N}|\P{N}+/gu : /\p{N}+|\P{N}+/gu), breaks: space });

export const punctuationStep = (behavior: Behavior): CutStep => splitStep(new RegExp(`[${punctuation}]`, "gu"), behavior, false);

export const delimiterStep = (delimiter: RegExp): CutStep => splitStep(delimiter, "Removed", false);

/** The pattern tiles every text. */
function tiles(pattern: RegExp): (text: string) => readonly string[] {
  return (text) => text.match(pattern) ?? [];
}

/** What becomes of the matches of a `Split`. */
export type Behavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

export const behaviors: readonly Behavior[] = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"];

/** `pattern` is global. `invert`: what does not match is the delimiter. */
export function splitStep(pattern: RegExp, behavior: Behavior, invert: boolean): CutStep {
  const cut = (text: string): Cut[] => cutAtMatches(text, pattern, invert);
  if (behavior === "Removed") return { tiles: (text) => cut(text).map(({ text, delimiter }): Tile => ({ text, dropped: delimiter })), breaks: null };
  return { cut: (text) => merged(cut(text), behavior), breaks: null };
}

interface Cut { readonly text: string; readonly delimiter: boolean }

function cutAtMatches(text: string, pattern: RegExp, invert: boolean): Cut[] {
  const cut: Cut[] = [];
  let done = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > done) cut.push({ text: text.slice(done, found.index), delimiter: invert });
    if (found[0] !== "") cut.push({ text: found[0], delimiter: !invert });
    done = found.index + found[0].length;
  }
  if (done < text.length) cut.push({ text: text.slice(done), delimiter: invert });
  return cut;
}

function merged(cut: readonly Cut[], behavior: Behavior): string[] {
  if (behavior === "Isolated") return cut.map((tile) => tile.text);
  const result: string[] = [];
  if (behavior === "MergedWithNext") {
    for (let i = cut.length - 1; i >= 0; i--) {
      const joins = cut[i].delimiter && i + 1 < cut.length && !cut[i + 1].delimiter;
      if (joins) result[result.length - 1] = cut[i].text + result[result.length - 1];
      else result.push(cut[i].text);
    }
    return result.reverse();
  }
  cut.forEach((tile, i) => {
    const joins = i > 0 && (behavior === "Contiguous" ? tile.delimiter === cut[i - 1].delimiter : tile.delimiter && !cut[i - 1].delimiter);
    if (joins) result[result.length - 1] += tile.text;
    else result.push(tile.text);
  });
  return result;
}
