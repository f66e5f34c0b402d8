// Training byte pair encoding: merge the most frequent pair again and again, ties to the lowest (left id, right id).
// Incremental: a merge touches only the words that hold its pair (Sennrich et al. 2016, section 3.2).

import { byteToCharacter } from "../text/byte-alphabet.ts";
import { heapPop, heapPush } from "../models/heap.ts";
import { byCodePoint } from "./count.ts";
import type { PieceCounts } from "./count.ts";

/** How a piece is written before anything is merged. */
export interface Spelling {
  /** Symbols in the order of their ids. */
  readonly alphabet: readonly string[];
  /** Symbols of a piece; those out of the alphabet are left out. */
  readonly symbols: (piece: string) => readonly string[];
  /** What symbols inside a piece begin with; in a merge the right one loses it. */
  readonly prefix: string;
}

export interface TrainedMerges {
  /** Token texts in id order. */
  readonly vocab: string[];
  readonly merges: [left: string, right: string][];
  /** Frequency of each pair when it was merged. */
  readonly counts: number[];
}

/** UTF-8 bytes in the byte-level alphabet, all 256 of them. */
export const byteSpelling: Spelling = {
  alphabet: byteToCharacter.toSorted(byCodePoint),
  symbols: (piece) => Array.from(Buffer.from(piece), (byte) => byteToCharacter[byte]),
  prefix: "",
};

/**
 * Learns at most `size` tokens, the alphabet included; stops early when no pair occurs `minimumFrequency` times.
 * A merge whose text already exists reuses its id. Ids are relative: what stands before the vocabulary changes no choice.
 */
export function trainMerges(pieces: PieceCounts, { alphabet, symbols: spell, prefix }: Spelling, size: number, minimumFrequency: number): TrainedMerges {
  const vocab = [...alphabet];
  const idOf = new Map(vocab.map((token, id) => [token, id]));
  const words: Word[] = [];
  for (const [piece, count] of pieces) {
    const symbols = spell(piece).flatMap((symbol) => idOf.get(symbol) ?? []);
    if (symbols.length > 1) words.push({ symbols: Int32Array.from(symbols), length: symbols.length, count });
  }
  const pairs = countPairs(words);
  const merges: [string, string][] = [];
  const counts: number[] = [];
  while (vocab.length < size) {
    const best = pairs.take(minimumFrequency);
    if (best === null) break;
    const right = vocab[best.right];
    const text = vocab[best.left] + (prefix !== "" && right.startsWith(prefix) ? right.slice(prefix.length) : right);
    let made = idOf.get(text);
    if (made === undefined) {
      made = vocab.length;
      idOf.set(text, made);
      vocab.push(text);
    }
    merges.push([vocab[best.left], vocab[best.right]]);
    counts.push(best.count);
    for (const index of best.words) mergeInWord(words[index], best.left, best.right, made, (left, right, change) => pairs.change(left, right, change, index));
    pairs.settle(best);
  }
  return { vocab, merges, counts };
}

interface Word { readonly symbols: Int32Array; length: number; readonly count: number }

/** Replaces (left, right) in a word from left to right and reports how the pairs around change. */
function mergeInWord(word: Word, left: number, right: number, made: number, change: (left: number, right: number, by: number) => void): void {
  const { symbols, count } = word;
  let write = 0;
  for (let read = 0; read < word.length; read++) {
    if (symbols[read] !== left || read + 1 >= word.length || symbols[read + 1] !== right) {
      symbols[write++] = symbols[read];
      continue;
    }
    // `write - 1` may already be a new symbol: its pair with `left` was counted when that one was made.
    if (write > 0) {
      change(symbols[write - 1], left, -count);
      change(symbols[write - 1], made, count);
    }
    if (read + 2 < word.length) {
      change(right, symbols[read + 2], -count);
      change(made, symbols[read + 2], count);
    }
    symbols[write++] = made;
    read++;
  }
  word.length = write;
}

interface Pair { readonly left: number; readonly right: number; count: number; readonly words: number[]; /** Count of its newest entry in the heap. */ queued: number; dirty: boolean }
interface Entry { readonly left: number; readonly right: number; readonly count: number }

interface Pairs {
  /** The most frequent pair; null if none occurs `minimum` times. */
  readonly take: (minimum: number) => Pair | null;
  readonly change: (left: number, right: number, by: number, word: number) => void;
  /** After a merge: forgets its pair and queues the pairs that became more frequent. */
  readonly settle: (merged?: Pair) => void;
}

/** Counts of pairs with a heap by (count descending, left, right). Counts in the heap may be too high; they are corrected when they reach the top. */
function countPairs(words: readonly Word[]): Pairs {
  const keyOf = (left: number, right: number): number => left * 2 ** 26 + right;
  const pairs = new Map<number, Pair>();
  const heap: Entry[] = [];
  let changed: Pair[] = [];
  const enqueue = (pair: Pair): void => {
    pair.queued = pair.count;
    if (pair.count > 0) heapPush(heap, { left: pair.left, right: pair.right, count: pair.count }, before);
  };
  const change: Pairs["change"] = (left, right, by, word) => {
    const key = keyOf(left, right);
    let pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, (pair = { left, right, count: 0, words: [], queued: 0, dirty: false }));
    pair.count += by;
    if (by < 0) return;
    // A word may be listed twice; the second visit then finds nothing to merge.
    if (pair.words.at(-1) !== word) pair.words.push(word);
    if (pair.dirty) return;
    pair.dirty = true;
    changed.push(pair);
  };
  const settle: Pairs["settle"] = (merged) => {
    if (merged !== undefined) pairs.delete(keyOf(merged.left, merged.right));
    for (const pair of changed) {
      pair.dirty = false;
      if (pair.count > pair.queued) enqueue(pair);
    }
    changed = [];
  };
  words.forEach((word, index) => {
    for (let i = 0; i + 1 < word.length; i++) change(word.symbols[i], word.symbols[i + 1], word.count, index);
  });
  settle();
  return {
    change,
    settle,
    take(minimum) {
      while (heap.length > 0) {
        const entry = heapPop(heap, before);
        const pair = pairs.get(keyOf(entry.left, entry.right));
        if (pair === undefined || entry.count !== pair.queued) continue;
        if (pair.count < pair.queued) enqueue(pair);
        else return pair.count < Math.max(1, minimum) ? null : pair;
      }
      return null;
    },
  };
}

function before(a: Entry, b: Entry): boolean {
  return a.count !== b.count ? a.count > b.count : a.left !== b.left ? a.left < b.left : a.right < b.right;
}
