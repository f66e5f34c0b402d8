// Byte pair encoding of one piece: the merge of lowest rank first, leftmost among equals (Sennrich et al. 2016).

import { heapPop, heapPush } from "./heap.ts";

export interface MergeTable {
  /** Merge index of a pair of ids, or undefined. */
  readonly rank: (left: number, right: number) => number | undefined;
  /** Id that each merge makes. */
  readonly result: Int32Array;
}

/** Pairs in order of their ranks, all ids below `size`. */
export function mergeTable(pairs: readonly (readonly [left: number, right: number, result: number])[], size: number): MergeTable {
  const ranks = new Map<number, number>();
  const result = new Int32Array(pairs.length);
  pairs.forEach(([left, right, made], index) => {
    result[index] = made;
    ranks.set(left * size + right, index);
  });
  return { rank: (left, right) => ranks.get(left * size + right), result };
}

const longPiece = 48;

/** Merges symbols in place as far as the table goes; returns how many are left at the front. */
export function mergeSymbols(symbols: Int32Array, table: MergeTable): number {
  return symbols.length > longPiece ? mergeLong(symbols, table) : mergeShort(symbols, table);
}

/** Scans for the best pair each time: quadratic, but fastest on words. */
function mergeShort(symbols: Int32Array, table: MergeTable): number {
  let length = symbols.length;
  const ranks = new Float64Array(Math.max(0, length - 1));
  for (let i = 0; i + 1 < length; i++) ranks[i] = table.rank(symbols[i], symbols[i + 1]) ?? Infinity;
  for (;;) {
    let best = -1;
    let bestRank = Infinity;
    for (let i = 0; i + 1 < length; i++) {
      if (ranks[i] < bestRank) {
        bestRank = ranks[i];
        best = i;
      }
    }
    if (best < 0) return length;
    symbols[best] = table.result[bestRank];
    symbols.copyWithin(best + 1, best + 2, length);
    ranks.copyWithin(best, best + 1, length - 1);
    length--;
    if (best > 0) ranks[best - 1] = table.rank(symbols[best - 1], symbols[best]) ?? Infinity;
    if (best + 1 < length) ranks[best] = table.rank(symbols[best], symbols[best + 1]) ?? Infinity;
  }
}

/** A linked list of symbols and a heap of (rank, place): n log n, for pieces without spaces such as long runs of Chinese or base64. */
function mergeLong(symbols: Int32Array, table: MergeTable): number {
  const n = symbols.length;
  const next = Int32Array.from(symbols, (_, i) => (i + 1 < n ? i + 1 : -1));
  const previous = Int32Array.from(symbols, (_, i) => i - 1);
  const heap: number[] = [];
  const offer = (at: number): void => {
    if (at < 0 || next[at] < 0) return;
    const rank = table.rank(symbols[at], symbols[next[at]]);
    // Ranks stay below 2^21 and places below 2^32, so a key is exact.
    if (rank !== undefined) heapPush(heap, rank * 2 ** 32 + at, smaller);
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
  for (let i = 0; i >= 0; i = next[i]) symbols[length++] = symbols[i];
  return length;
}

function smaller(a: number, b: number): boolean {
  return a < b;
}
