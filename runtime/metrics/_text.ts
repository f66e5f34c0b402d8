// Words of a text as Python sees them, which the published metrics are defined by, and SQuAD's normalisation.

/** What `str.split()` splits at: White_Space of Unicode and the four separators U+001C to U+001F. */
const spaces = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** `text.split()`. */
export function wordsOf(text: string): string[] {
  return text.split(spaces).filter((word) => word !== "");
}

/** `text.rstrip()`. */
export function withoutTrailingSpace(text: string): string {
  return text.replace(new RegExp(`${spaces.source}$`, "u"), "");
}

const punctuation = /[!-/:-@[-`{-~]/g;
/** Python's `\b` knows letters and digits of all scripts. */
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** SQuAD's `normalize_answer` (Rajpurkar et al. 2016): lower case; no ASCII punctuation; no articles; single spaces. */
export function normalizedAnswer(text: string): string {
  return wordsOf(text.toLowerCase().replace(punctuation, "").replace(articles, " ")).join(" ");
}

/** How often each item occurs. */
export function tally(items: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Size of the intersection of two multisets. */
export function overlapOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [item, count] of a) sum += Math.min(count, b.get(item) ?? 0);
  return sum;
}
