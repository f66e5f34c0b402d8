// Added tokens: texts that are matched before anything else, as the `tokenizers` library matches them.

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Left out of decoded text unless asked for. */
  readonly special: boolean;
  readonly single_word: boolean;
  /** Takes the white space on that side along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Matched in a second pass, after those that are not. */
  readonly normalized: boolean;
}

/** A stretch [start, end) of the text in UTF-16 units; `id` where it is an added token. */
export interface Stretch { readonly start: number; readonly end: number; readonly id: number | null }

export type AddedMatcher = (text: string) => Stretch[];

export function addedMatcher(added: readonly AddedToken[]): AddedMatcher {
  const passes = [added.filter((token) => !token.normalized), added.filter((token) => token.normalized)].filter((pass) => pass.length > 0);
  const matchers = passes.map(matcherOf);
  return (text) => {
    let stretches: Stretch[] = text === "" ? [] : [{ start: 0, end: text.length, id: null }];
    for (const match of matchers) stretches = stretches.flatMap((stretch) => (stretch.id === null ? match(text, stretch.start, stretch.end) : [stretch]));
    return stretches;
  };
}

/** Leftmost, and the longest of those that start at one place. */
function matcherOf(tokens: readonly AddedToken[]): (text: string, from: number, to: number) => Stretch[] {
  const byContent = new Map(tokens.map((token) => [token.content, token]));
  const alternatives = [...byContent.keys()].filter((content) => content !== "").sort((a, b) => b.length - a.length);
  if (alternatives.length === 0) return (_, start, end) => [{ start, end, id: null }];
  const pattern = new RegExp(alternatives.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|"), "gu");
  return (text, from, to) => {
    const stretches: Stretch[] = [];
    const part = text.slice(from, to);
    let done = from;
    for (const found of part.matchAll(pattern)) {
      const token = byContent.get(found[0])!;
      let start = from + found.index;
      let end = start + found[0].length;
      if (start < done || (token.single_word && (isWord(text, start - 1, from, to) || isWord(text, end, from, to)))) continue;
      if (token.lstrip) while (start > done && isSpace(text[start - 1])) start--;
      if (token.rstrip) while (end < to && isSpace(text[end])) end++;
      if (start > done) stretches.push({ start: done, end: start, id: null });
      stretches.push({ start, end, id: token.id });
      done = end;
    }
    if (done < to) stretches.push({ start: done, end: to, id: null });
    return stretches;
  };
}

function isSpace(character: string): boolean {
  return /\p{White_Space}/u.test(character);
}

function isWord(text: string, at: number, from: number, to: number): boolean {
  return at >= from && at < to && /[\p{L}\p{N}\p{M}_]/u.test(text[at]);
}
