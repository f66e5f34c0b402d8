// First vocabulary for Unigram: the substrings that pieces repeat, found with a suffix array (Kudo 2018, section 3.2; SentencePiece uses the same).

/** Words as lists of character numbers (from 1 up), one after another, each closed by a 0. */
export interface WordList { readonly symbols: Int32Array; readonly starts: Int32Array; readonly counts: Float64Array }

export interface Seed { readonly start: number; readonly length: number; readonly score: number }

/**
 * Substrings of 2 to `longest` characters that occur at least twice, each once: those that cannot be longer without occurring
 * less often. The best `most` by frequency times length, ties by place.
 */
export function seedSubstrings({ symbols, starts, counts }: WordList, longest: number, most: number): Seed[] {
  const size = symbols.length;
  const { order, ranks } = suffixOrder(symbols, longest);
  const shared = sharedPrefixes(symbols, order, ranks, longest);
  const weights = new Float64Array(size);
  starts.forEach((start, word) => weights.fill(counts[word], start, word + 1 < starts.length ? starts[word + 1] : size));
  const before = new Float64Array(size + 1);
  for (let i = 0; i < size; i++) before[i + 1] = before[i] + weights[order[i]];

  const seeds: Seed[] = [];
  // Intervals of suffixes that share a prefix, as a stack of (first suffix, length of the prefix): the inner nodes of the suffix tree.
  const stack: { first: number; length: number }[] = [];
  for (let i = 1; i <= size; i++) {
    const length = i < size ? shared[i] : 0;
    let first = i - 1;
    while (stack.length > 0 && stack[stack.length - 1].length > length) {
      const node = stack.pop()!;
      first = node.first;
      const frequency = before[i] - before[first];
      if (node.length >= 2) seeds.push({ start: order[first], length: node.length, score: frequency * node.length });
    }
    if (length > 0 && (stack.length === 0 || stack[stack.length - 1].length < length)) stack.push({ first, length });
  }
  // Leaves: what ends one word only, however often that word occurs.
  const ends = wordEnds(symbols);
  for (let i = 0; i < size; i++) {
    const start = order[i];
    const length = ends[start] - start;
    if (length < 2 || length > longest || weights[start] < 2) continue;
    if (shared[i] < length && (i + 1 === size || shared[i + 1] < length)) seeds.push({ start, length, score: weights[start] * length });
  }
  return seeds.sort((a, b) => b.score - a.score || a.start - b.start || a.length - b.length).slice(0, most);
}

/** Where the word around each symbol ends. */
function wordEnds(symbols: Int32Array): Int32Array {
  const ends = new Int32Array(symbols.length);
  for (let i = symbols.length - 1, end = i; i >= 0; i--) {
    if (symbols[i] === 0) end = i;
    ends[i] = end;
  }
  return ends;
}

/** Suffixes sorted by their first `depth` symbols or more, by doubling (Manber and Myers 1993) with counting sorts. */
function suffixOrder(symbols: Int32Array, depth: number): { order: Int32Array; ranks: Int32Array } {
  const size = symbols.length;
  let ranks = Int32Array.from(symbols);
  let order = countingSort(Int32Array.from({ length: size }, (_, i) => i), ranks);
  for (let width = 1; width < depth; width *= 2) {
    const second = Int32Array.from({ length: size }, (_, i) => (i + width < size ? ranks[i + width] + 1 : 0));
    order = countingSort(countingSort(Int32Array.from({ length: size }, (_, i) => i), second), ranks);
    const next = new Int32Array(size);
    for (let i = 1; i < size; i++) {
      const [a, b] = [order[i - 1], order[i]];
      next[b] = next[a] + (ranks[a] !== ranks[b] || second[a] !== second[b] ? 1 : 0);
    }
    ranks = next;
  }
  // Ties are left where suffixes share `depth` symbols: which of them is first does not matter, their ranks must differ.
  order.forEach((suffix, i) => (ranks[suffix] = i));
  return { order, ranks };
}

/** Stable. */
function countingSort(items: Int32Array, keys: Int32Array): Int32Array<ArrayBuffer> {
  const ends = new Int32Array(keys.reduce((most, key) => Math.max(most, key), 0) + 2);
  for (const key of keys) ends[key + 1]++;
  for (let i = 1; i < ends.length; i++) ends[i] += ends[i - 1];
  const sorted = new Int32Array(items.length);
  for (const item of items) sorted[ends[keys[item]]++] = item;
  return sorted;
}

/** How many symbols, `most` at most and none across a 0, the i-th suffix in order shares with the one before. */
function sharedPrefixes(symbols: Int32Array, order: Int32Array, ranks: Int32Array, most: number): Int32Array {
  const shared = new Int32Array(order.length);
  for (let suffix = 0; suffix < order.length; suffix++) {
    const rank = ranks[suffix];
    if (rank === 0) continue;
    const other = order[rank - 1];
    let length = 0;
    while (length < most && symbols[suffix + length] > 0 && symbols[suffix + length] === symbols[other + length]) length++;
    shared[rank] = length;
  }
  return shared;
}
