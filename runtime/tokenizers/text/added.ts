// Added tokens: texts that are matched before anything else, as the `tokenizers` library matches them.

import { escapeRegex } from "./regex.ts";

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Left out of decoded text unless asked for. */
  readonly special: boolean;
  readonly single_word: boolean;
  /** Takes the white space on that side along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Matched in the normalized text, after those that are not. */
  readonly normalized: boolean;
}

/** A stretch [start, end) of the text in UTF-16 units; `id` where it is an added token. */
export interface Stretch { readonly start: number; readonly end: number; readonly id: number | null }

export type AddedMatcher = (text: string) => readonly Stretch[];

/** Leftmost, and the longest of those that start at one place. `textOf` is what a token is matched as. */
export function addedMatcher(tokens: readonly AddedToken[], textOf: (token: AddedToken) => string): AddedMatcher {
  const byText = new Map(tokens.map((token) => [textOf(token), token]));
  const alternatives = [...byText.keys()].filter((text) => text !== "").sort((a, b) => b.length - a.length);
  const none: AddedMatcher = (text) => (text === "" ? [] : [{ start: 0, end: text.length, id: null }]);
  if (alternatives.length === 0) return none;
  const pattern = new RegExp(alternatives.map(escapeForUnicode).join("|"), "gu");
  return (text) => {
    const stretches: Stretch[] = [];
    let done = 0;
    for (const found of text.matchAll(pattern)) {
      const token = byText.get(found[0])!;
      let start = found.index;
      let end = start + found[0].length;
      if (token.single_word && (isWord(text, start - 1) || isWord(text, end))) continue;
      if (token.lstrip) while (start > done && isSpace(text[start - 1])) start--;
      if (token.rstrip) while (end < text.length && isSpace(text[end])) end++;
      // White space that an earlier token took cannot hold a token.
      if (start < done) continue;
      if (start > done) stretches.push({ start: done, end: start, id: null });
      stretches.push({ start, end, id: token.id });
      done = end;
    }
    if (done === 0) return none(text);
    if (done < text.length) stretches.push({ start: done, end: text.length, id: null });
    return stretches;
  };
}

function escapeForUnicode(text: string): string {
  return escapeRegex(text).replaceAll("\\-", "-");
}

function isSpace(character: string): boolean {
  return /\p{White_Space}/u.test(character);
}

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}\p{M}_]/u.test(text[at]);
}
