// Did-you-mean: the nearest of some words.

/** The words within a third of the length in edit distance (transpositions count one), nearest first, at most `count`. */
export function nearest(word: string, words: Iterable<string>, count = 1): string[] {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const scored: { word: string; score: number }[] = [];
  for (const candidate of new Set(words)) {
    if (Math.abs(candidate.length - word.length) > limit + 2) {
      if (word.length >= 4 && candidate.startsWith(word)) scored.push({ word: candidate, score: limit });
      continue;
    }
    const score = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (score <= limit) scored.push({ word: candidate, score });
    else if (word.length >= 4 && (candidate.includes(word) || word.includes(candidate)) && candidate.length >= 3) scored.push({ word: candidate, score: limit + 1 });
  }
  return scored.sort((a, b) => a.score - b.score || (a.word < b.word ? -1 : 1)).slice(0, count).map((item) => item.word);
}

/** Damerau–Levenshtein distance (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) current[j] = Math.min(current[j], before[j - 2] + 1);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length];
}

/** "did you mean `x`?" or undefined. */
export function didYouMean(word: string, words: Iterable<string>): string | undefined {
  const found = nearest(word, words);
  return found.length ? `did you mean \`${found[0]}\`?` : undefined;
}
