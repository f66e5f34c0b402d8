// Byte pair encoding of one piece: the merge of lowest rank first, leftmost among equals (Sennrich et al. 2016).

import { heapPop, heapPush } from "./heap.ts";
import { pairMap } from "./pair-map.ts";

export interface MergeTable {
  /** Merge index of a pair of ids, or -1. */
  readonly rank: (left: number, right: number) => number;
  /** Id that each merge makes. */
  readonly result: Int32Array;
}

/** Pairs in order of their ranks; a pair that is listed twice has its last rank, as in the library. */
export function mergeTable(pairs: readonly (readonly [left: number, right: number, result: number])[]): MergeTable {
  const ranks = pairMap(pairs.length);
  const result = new Int32Array(pairs.length);
  pairs.forEach(([left, right, made], index) => {
    result[index] = made;
    ranks.set(left, right, index);
  });
  return { rank: ranks.get, result };
}

const longPiece = 48;
const none = 2 ** 31 - 1;
const scratch = new Int32Array(longPiece);

/**
 * Merges the first `length` symbols in place as far as the table goes; returns how many are left at the front.
 * `firsts` goes along: which symbol of the start each symbol that is left begins with.
 */
export function mergeSymbols(symbols: Int32Array, firsts: Int32Array, length: number, table: MergeTable): number {
  return length > longPiece ? mergeLong(symbols, firsts, length, table) : mergeShort(symbols, firsts, length, table);
}

/** Scans for the best pair each time: quadratic, but fastest on words. */
function mergeShort(symbols: Int32Array, firsts: Int32Array, count: number, table: MergeTable): number {
  let length = count;
  const ranks = scratch;
  const rankAt = (i: number): number => {
    const rank = table.rank(symbols[i], symbols[i + 1]);
    return rank < 0 ? none : rank;
  };
  for (let i = 0; i + 1 < length; i++) ranks[i] = rankAt(i);
  for (;;) {
    let best = -1;
    let bestRank = none;
    for (let i = 0; i + 1 < length; i++) {
      if (ranks[i] < bestRank) {
        bestRank = ranks[i];
        best = i;
      }
    }
    if (best < 0) return length;
    symbols[best] = table.result[bestRank];
    length--;
    for (let i = best + 1; i < length; i++) {
      symbols[i] = symbols[i + 1];
      firsts[i] = firsts[i + 1];
      ranks[i - 1] = ranks[i];
    }
    if (best > 0) ranks[best - 1] = rankAt(best - 1);
    if (best + 1 < length) ranks[best] = rankAt(best);
  }
}

/** A linked list of symbols and a heap of (rank, place): n log n, for pieces without spaces such as long runs of Chinese or base64. */
function mergeLong(symbols: Int32Array, firsts: Int32Array, n: number, table: MergeTable): number {
  const next = Int32Array.from({ length: n }, (_, i) => (i + 1 < n ? i + 1 : -1));
  const previous = Int32Array.from({ length: n }, (_, i) => i - 1);
  const heap: number[] = [];
  const offer = (at: number): void => {
    if (at < 0 || next[at] < 0) return;
    const rank = table.rank(symbols[at], symbols[next[at]]);
    // Ranks stay below 2^21 and places below 2^32, so a key is exact.
    if (rank >= 0) heapPush(heap, rank * 2 ** 32 + at, smaller);
  };
  for (let i = 0; i < n; i++) offer(i);
  while (heap.length > 0) {
    const key = heapPop(heap, smaller);
    const rank = Math.floor(key / 2 ** 32);
    const at = key - rank * 2 ** 32;
    const right = next[at];
    // A pair that was merged away since is skipped: its left symbol is marked -1, or its rank is another.
    if (symbols[at] < 0 || right < 0 || table.rank(symbols[at], symbols[right]) !== rank) continue;
    symbols[at] = table.result[rank];
    symbols[right] = -1;
    next[at] = next[right];
    if (next[at] >= 0) previous[next[at]] = at;
    offer(at);
    offer(previous[at]);
  }
  let length = 0;
  for (let i = 0; i >= 0; i = next[i]) {
    symbols[length] = symbols[i];
    firsts[length++] = firsts[i];
  }
  return length;
}

function smaller(a: number, b: number): boolean {
  return a < b;
}
