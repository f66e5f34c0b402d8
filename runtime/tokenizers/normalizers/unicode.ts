// Unicode normalization forms (Unicode Standard Annex 15) with the alignment that the `tokenizers` library gives:
// a decomposition inserts after its first character, a composition swallows the characters after its first.

import { normalizer } from "./normalizer.ts";
import { transform } from "../text/aligned.ts";
import type { Change } from "../text/aligned.ts";
import type { Normalizer } from "./normalizer.ts";

export type UnicodeForm = "NFC" | "NFD" | "NFKC" | "NFKD";

export function unicodeForm(form: UnicodeForm): Normalizer {
  return normalizer(
    // ASCII is in all forms already; the test is far cheaper than the normalization.
    (text) => (/[^\x00-\x7f]/.test(text) ? text.normalize(form) : text),
    (text) => transform(text, changesOf(text.text, form)),
  );
}

function changesOf(text: string, form: UnicodeForm): Change[] {
  const decomposed = ordered(decompose(text, form === "NFC" || form === "NFD" ? "NFD" : "NFKD"));
  return form === "NFD" || form === "NFKD" ? decomposed : compose(decomposed);
}

function decompose(text: string, form: UnicodeForm): Change[] {
  const changes: Change[] = [];
  for (const character of text) [...character.normalize(form)].forEach((part, i) => changes.push([part, i === 0 ? 0 : 1]));
  return changes;
}

/** Combining marks in canonical order: a stable sort by class in each run. */
function ordered(changes: Change[]): Change[] {
  for (let i = 0; i < changes.length; i++) {
    for (let j = i; j > 0 && swaps(changes[j - 1][0], changes[j][0]); j--) [changes[j - 1], changes[j]] = [changes[j], changes[j - 1]];
  }
  return changes;
}

/** JavaScript does not tell combining classes, but its normalization shows which of two marks comes first. */
function swaps(first: string, second: string): boolean {
  return first > "\u02ff" && second > "\u02ff" && (first + second).normalize("NFD") === second + first && first !== second;
}

/** U+0345 has the highest class, 240: every other mark goes before it, and no starter does. */
function isMark(character: string): boolean {
  return character > "\u02ff" && (character === "\u0345" || swaps("\u0345", character));
}

/** The composition algorithm: a mark joins the last starter unless one of its own class, or a starter, stands between. */
function compose(changes: readonly Change[]): Change[] {
  const result: [string, number][] = [];
  let starter = -1;
  for (const [character, change] of changes) {
    const last = result.length - 1;
    if (starter >= 0 && (last === starter || (isMark(character) && isMark(result[last][0]) && !sameClass(result[last][0], character)))) {
      const joined = (result[starter][0] + character).normalize("NFC");
      if ([...joined].length === 1) {
        result[starter] = [joined, result[starter][1] + change - 1];
        continue;
      }
    }
    result.push([character, change]);
    if (!isMark(character)) starter = result.length - 1;
  }
  return result;
}

function sameClass(first: string, second: string): boolean {
  return !swaps(first, second) && !swaps(second, first);
}
