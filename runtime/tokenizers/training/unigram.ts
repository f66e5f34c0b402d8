// Training Unigram (Kudo 2018, section 3.2): from many substrings to the wanted number, by expectation maximization and pruning
// of those whose loss costs least. Constants are SentencePiece's. The order of all sums is fixed, so the result is too.

import { makeTrie } from "../models/trie.ts";
import { seedSubstrings } from "./seeds.ts";
import { alphabetOf } from "./count.ts";
import type { PieceCounts } from "./count.ts";
import type { WordList } from "./seeds.ts";

export interface UnigramPiece { readonly text: string; readonly score: number }

const longestPiece = 16;
const mostSeeds = 1_000_000;
/** Character numbers are looked up as UTF-16 units. */
const mostCharacters = 0xffff;
const shrinking = 0.75;
const iterations = 2;
/** Pieces that are expected less often leave at once. */
const leastExpected = 0.5;
/** The pruning stops a little above the goal; the best of what is left are taken. */
const surplus = 1.1;

/** At most `size` pieces with their log-probabilities, the likeliest first; all characters that fit are among them. */
export function trainUnigram(pieces: PieceCounts, size: number): UnigramPiece[] {
  const alphabet = alphabetOf(pieces, Math.min(size, mostCharacters));
  const words = wordList(pieces, alphabet);
  if (words.starts.length === 0) return [];
  const frequency = new Float64Array(alphabet.length);
  words.starts.forEach((start, word) => { for (let i = start; words.symbols[i] > 0; i++) frequency[words.symbols[i] - 1] += words.counts[word]; });
  const seeds = seedSubstrings(words, longestPiece, mostSeeds);
  let entries: Entry[] = [
    ...alphabet.map((_, i): Entry => ({ symbols: Int32Array.of(i + 1), score: frequency[i] })),
    ...seeds.map(({ start, length, score }): Entry => ({ symbols: words.symbols.slice(start, start + length), score })),
  ];
  const total = Math.log(entries.reduce((sum, entry) => sum + entry.score, 0));
  entries = entries.map(({ symbols, score }) => ({ symbols, score: Math.log(score) - total }));

  const goal = Math.max(alphabet.length, Math.floor(size * surplus));
  for (;;) {
    for (let i = 0; i < iterations; i++) entries = maximize(entries, expected(entries, words));
    if (entries.length <= goal) break;
    const kept = prune(entries, words, goal);
    if (kept.length === entries.length) break;
    entries = kept;
  }
  return finalize(entries, alphabet, size);
}

interface Entry { readonly symbols: Int32Array; readonly score: number }

function wordList(pieces: PieceCounts, alphabet: readonly string[]): WordList {
  const numbers = new Map(alphabet.map((character, i) => [character, i + 1]));
  const symbols: number[] = [];
  const starts: number[] = [];
  const counts: number[] = [];
  for (const [piece, count] of pieces) {
    const word = Array.from(piece).flatMap((character) => numbers.get(character) ?? []);
    if (word.length === 0) continue;
    starts.push(symbols.length);
    counts.push(count);
    for (const number of word) symbols.push(number);
    symbols.push(0);
  }
  return { symbols: Int32Array.from(symbols), starts: Int32Array.from(starts), counts: Float64Array.from(counts) };
}

/** All places where entries occur in a word: edges from `from` to `to`, in ascending order of `from`. */
interface Lattice { readonly from: number[]; readonly to: number[]; readonly entry: number[]; length: number }

/** Calls `use` with the lattice of each word. A character without an entry has an edge of entry -1, so that every word has a path. */
function latticeReader(entries: readonly Entry[]): (symbols: Int32Array, start: number) => Lattice {
  const trie = makeTrie(entries.length * 2);
  entries.forEach(({ symbols }, id) => trie.insert(String.fromCharCode(...symbols), id));
  const lattice: Lattice = { from: [], to: [], entry: [], length: 0 };
  return (symbols, start) => {
    lattice.from.length = lattice.to.length = lattice.entry.length = 0;
    let from = 0;
    for (; symbols[start + from] > 0; from++) {
      let single = false;
      for (let to = from, node = 0; symbols[start + to] > 0; ) {
        node = trie.next(node, symbols[start + to++]);
        if (node < 0) break;
        if (trie.idAt(node) < 0) continue;
        push(lattice, from, to, trie.idAt(node));
        if (to === from + 1) single = true;
      }
      if (!single) push(lattice, from, from + 1, -1);
    }
    lattice.length = from;
    return lattice;
  };
}

function push({ from, to, entry }: Lattice, start: number, end: number, id: number): void {
  from.push(start);
  to.push(end);
  entry.push(id);
}

/** How often each entry is expected to be used, over all segmentations by their probabilities (forward and backward sums). */
function expected(entries: readonly Entry[], { symbols, starts, counts }: WordList): Float64Array {
  const expectations = new Float64Array(entries.length);
  const read = latticeReader(entries);
  const missing = leastScore(entries);
  const scoreOf = (id: number): number => (id < 0 ? missing : entries[id].score);
  for (let word = 0; word < starts.length; word++) {
    const { from, to, entry, length } = read(symbols, starts[word]);
    const alpha = new Float64Array(length + 1).fill(-Infinity);
    const beta = new Float64Array(length + 1).fill(-Infinity);
    alpha[0] = beta[length] = 0;
    for (let i = 0; i < entry.length; i++) alpha[to[i]] = logAdd(alpha[to[i]], alpha[from[i]] + scoreOf(entry[i]));
    for (let i = entry.length - 1; i >= 0; i--) beta[from[i]] = logAdd(beta[from[i]], beta[to[i]] + scoreOf(entry[i]));
    for (let i = 0; i < entry.length; i++) {
      if (entry[i] >= 0) expectations[entry[i]] += counts[word] * Math.exp(alpha[from[i]] + entries[entry[i]].score + beta[to[i]] - alpha[length]);
    }
  }
  return expectations;
}

/** New probabilities from expected counts, with the digamma of a Dirichlet prior, which makes rare entries rarer. Characters stay. */
function maximize(entries: readonly Entry[], expectations: Float64Array): Entry[] {
  const kept = entries.flatMap(({ symbols }, i) => (expectations[i] < leastExpected && symbols.length > 1 ? [] : [{ symbols, count: Math.max(expectations[i], leastExpected) }]));
  const total = digamma(kept.reduce((sum, { count }) => sum + count, 0));
  return kept.map(({ symbols, count }) => ({ symbols, score: digamma(count) - total }));
}

/** Drops the entries without which the text loses least likelihood, down to `shrinking` of them or the goal. */
function prune(entries: readonly Entry[], { symbols, starts, counts }: WordList, goal: number): Entry[] {
  const read = latticeReader(entries);
  const missing = leastScore(entries);
  const best = (source: Int32Array, start: number, without: number): number[] | null => bestPath(read(source, start), (id) => (id < 0 ? missing : entries[id].score), without);
  // What each entry would be written as without it; null for those that even now are not written as themselves.
  const alternatives = entries.map(({ symbols: own }, id): number[] | null => {
    if (own.length === 1) return [];
    const closed = new Int32Array(own.length + 1);
    closed.set(own);
    const path = best(closed, 0, -2);
    return path?.length === 1 ? best(closed, 0, id) : null;
  });
  const frequency = new Float64Array(entries.length);
  const holders = new Float64Array(entries.length);
  let total = 0;
  for (let word = 0; word < starts.length; word++) {
    total += counts[word];
    const path = best(symbols, starts[word], -2)!;
    for (const id of path) if (id >= 0) frequency[id] += counts[word];
    for (const id of new Set(path)) if (id >= 0) holders[id] += counts[word];
  }
  const sum = frequency.reduce((all, count) => all + count, 0);
  const kept: number[] = [];
  const candidates: { id: number; loss: number }[] = [];
  entries.forEach(({ symbols: own }, id) => {
    const others = alternatives[id];
    if (own.length === 1 || others?.length === 0) return void kept.push(id);
    if (others === null || frequency[id] === 0) return;
    const logSum = Math.log(sum + frequency[id] * (others.length - 1));
    const without = others.reduce((all, other) => all + Math.log((other < 0 ? 0 : frequency[other]) + frequency[id]) - logSum, 0);
    candidates.push({ id, loss: (holders[id] / total) * (Math.log(frequency[id]) - Math.log(sum) - without) });
  });
  const room = Math.max(goal, Math.floor(shrinking * entries.length)) - kept.length;
  candidates.sort((a, b) => b.loss - a.loss || a.id - b.id);
  return [...kept, ...candidates.slice(0, Math.max(0, room)).map(({ id }) => id)].sort((a, b) => a - b).map((id) => entries[id]);
}

/** Entries of the likeliest path that does not use `without`; null where there is none. */
function bestPath({ from, to, entry, length }: Lattice, scoreOf: (id: number) => number, without: number): number[] | null {
  const score = new Float64Array(length + 1).fill(-Infinity);
  const edge = new Int32Array(length + 1).fill(-1);
  score[0] = 0;
  for (let i = 0; i < entry.length; i++) {
    if (entry[i] === without) continue;
    const candidate = score[from[i]] + scoreOf(entry[i]);
    if (candidate <= score[to[i]]) continue;
    score[to[i]] = candidate;
    edge[to[i]] = i;
  }
  if (edge[length] < 0) return null;
  const path: number[] = [];
  for (let end = length; end > 0; end = from[edge[end]]) path.push(entry[edge[end]]);
  return path.reverse();
}

/** All characters, then the likeliest entries, as many as fit; sorted by probability. */
function finalize(entries: readonly Entry[], alphabet: readonly string[], size: number): UnigramPiece[] {
  const textOf = (symbols: Int32Array): string => Array.from(symbols, (symbol) => alphabet[symbol - 1]).join("");
  const ranked = entries.map(({ symbols, score }) => ({ text: textOf(symbols), score, single: symbols.length === 1 }));
  const order = (a: { score: number; text: string }, b: { score: number; text: string }): number => b.score - a.score || (a.text < b.text ? -1 : 1);
  const singles = ranked.filter((piece) => piece.single);
  const others = ranked.filter((piece) => !piece.single).sort(order).slice(0, Math.max(0, size - singles.length));
  return [...singles, ...others].sort(order).map(({ text, score }) => ({ text, score }));
}

function leastScore(entries: readonly Entry[]): number {
  return entries.reduce((least, { score }) => Math.min(least, score), 0) - 10;
}

function logAdd(a: number, b: number): number {
  if (a === -Infinity) return b;
  const [low, high] = a < b ? [a, b] : [b, a];
  return high - low > 50 ? high : high + Math.log1p(Math.exp(low - high));
}

/** Derivative of the logarithm of the gamma function: recurrence up to 7, then the asymptotic series (Abramowitz and Stegun 6.3.18). */
function digamma(value: number): number {
  let result = 0;
  let x = value;
  for (; x < 7; x++) result -= 1 / x;
  x -= 0.5;
  const square = 1 / (x * x);
  return result + Math.log(x) + (1 / 24) * square - (7 / 960) * square ** 2 + (31 / 8064) * square ** 3 - (127 / 30720) * square ** 4;
}
