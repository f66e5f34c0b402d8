// Normalizers that treat each character or match by itself.

import { normalizer } from "./normalizer.ts";
import { inPlace, putInFront, replaceMatches, transform } from "../text/aligned.ts";
import type { Aligned, Change } from "../text/aligned.ts";
import type { Normalizer } from "./normalizer.ts";

/** Each character by itself, so a final Σ becomes σ as any other (JavaScript's `toLowerCase` looks at the word around it). */
const lower = (text: string): string => (text.includes("Σ") ? text.replaceAll("Σ", "σ") : text).toLowerCase();

export const lowercase: Normalizer = normalizer(lower, (text) => {
  const made = lower(text.text);
  // Only `İ` has a longer lower case, and none has a shorter.
  return made.length === text.text.length ? inPlace(text, made) : transform(text, eachCharacter(text.text, lower));
});

/** Combining marks go (`é` has none until NFD has taken it apart). */
export const stripAccents: Normalizer = without(/\p{M}/u);

/** Characters that match vanish; the others keep their places. */
export function without(pattern: RegExp): Normalizer {
  const all = new RegExp(pattern.source, `${pattern.flags.replace("g", "")}g`);
  const one = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace("g", ""));
  return normalizer((text) => text.replace(all, ""), (text) => filter(text, (character) => !one.test(character)));
}

export function strip(left: boolean, right: boolean): Normalizer {
  const begin = (text: string): number => (left ? /^\p{White_Space}*/u.exec(text)![0].length : 0);
  const end = (text: string): number => {
    let at = text.length;
    if (right) while (at > 0 && /\p{White_Space}/u.test(text[at - 1])) at--;
    return at;
  };
  const apply = (text: string): string => text.slice(begin(text), Math.max(begin(text), end(text)));
  return normalizer(apply, (text) => {
    const [from, to] = [begin(text.text), end(text.text)];
    let at = 0;
    return filter(text, (character) => {
      const here = at;
      at += character.length;
      return here >= from && here < to;
    });
  });
}

/** Nothing is put before an empty text. */
export function prepend(front: string): Normalizer {
  return normalizer((text) => (text === "" ? "" : front + text), (text) => putInFront(text, front));
}

/** `pattern` is global. */
export function replace(pattern: RegExp, content: string): Normalizer {
  const apply = (text: string): string => text.replace(pattern, () => content);
  return normalizer(apply, (text) => {
    const matches = [...text.text.matchAll(pattern)];
    if (content.length === 1 && matches.every((match) => match[0].length === 1)) return inPlace(text, apply(text.text));
    return replaceMatches(text, matches, content);
  });
}

/** Control characters vanish and odd spaces become plain, as SentencePiece's `nmt` rules have it. */
export const nmt: Normalizer = (() => {
  const gone = without(/[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/u);
  const spaces = replace(/[\u0009\u000a\u000c\u000d\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/gu, " ");
  return { apply: (text) => spaces.apply(gone.apply(text)), align: (text) => spaces.align(gone.align(text)) };
})();

/** Characters that `make` gives for each one, the further ones inserted. */
export function* eachCharacter(text: string, make: (character: string) => string): Iterable<Change> {
  for (const character of text) {
    let change = 0;
    for (const made of make(character)) {
      yield [made, change];
      change = 1;
    }
  }
}

function filter(text: Aligned, keep: (character: string) => boolean): Aligned {
  const changes: [string, number][] = [];
  let dropped = 0;
  for (const character of text.text) {
    if (keep(character)) changes.push([character, 0]);
    else if (changes.length === 0) dropped++;
    else changes[changes.length - 1][1]--;
  }
  return transform(text, changes, dropped);
}
