// Windows: which stretches of which documents make an example. Of next-token targets a document of L tokens has L − 1 (each
// token but the first), each predicted exactly once; of a text that is noised each token stands in exactly one window.

import type { TokenStore } from "./store.ts";

/** Examples as lists of pieces: `lengths[p]` tokens of the store from `starts[p]` on. */
export interface Windows {
  readonly starts: Uint32Array;
  readonly lengths: Int32Array;
  /** Pieces of example e: offsets[e] … offsets[e + 1] − 1. */
  readonly offsets: Uint32Array;
  readonly examples: number;
}

export interface WindowOptions {
  /** Tokens of a piece, at most. */
  readonly tokens: number;
  /** `next`: pieces overlap in one token, which is the last target and then the first input; `text`: documents without what stands around them. */
  readonly of: "next" | "text";
  /** Several pieces an example: positions of an example, and how many a piece takes beyond its tokens (−1: its last is only a target). */
  readonly pack: { readonly positions: number; readonly beyond: number } | null;
}

/**
 * Cuts documents into pieces. Unpacked, each piece is an example; packed, a piece goes into the first example with room for it
 * (first fit, in the order of the text), so a document that fits is never split.
 */
export function makeWindows(store: TokenStore, { tokens, of, pack }: WindowOptions): Windows {
  const overlap = of === "next" ? 1 : 0;
  const starts: number[] = [];
  const lengths: number[] = [];
  for (let document = 0; document + 1 < store.starts.length; document++) {
    const from = store.starts[document] + (of === "next" ? 0 : store.before);
    const end = store.starts[document + 1] - (of === "next" ? 0 : store.after);
    for (let start = from; start < end - overlap; start += tokens - overlap) {
      starts.push(start);
      lengths.push(Math.min(tokens, end - start));
    }
  }
  return windowsOf(starts, lengths, pack);
}

/** Examples of these pieces, one each unless they are packed. */
export function windowsOf(starts: readonly number[], lengths: readonly number[], pack: WindowOptions["pack"]): Windows {
  if (!pack) return { starts: Uint32Array.from(starts), lengths: Int32Array.from(lengths), offsets: Uint32Array.from({ length: starts.length + 1 }, (_, i) => i), examples: starts.length };
  const { bins, count } = firstFit(lengths.map((length) => length + pack.beyond), pack.positions);
  const offsets = new Uint32Array(count + 1);
  for (const bin of bins) offsets[bin + 1]++;
  for (let bin = 0; bin < count; bin++) offsets[bin + 1] += offsets[bin];
  const place = offsets.slice();
  const packedStarts = new Uint32Array(starts.length);
  const packedLengths = new Int32Array(starts.length);
  bins.forEach((bin, piece) => {
    packedStarts[place[bin]] = starts[piece];
    packedLengths[place[bin]++] = lengths[piece];
  });
  return { starts: packedStarts, lengths: packedLengths, offsets, examples: count };
}

/** Bin of each piece: the lowest with room. A tree of the most room below each node finds it in log n. */
function firstFit(lengths: readonly number[], capacity: number): { bins: Uint32Array; count: number } {
  let leaves = 1;
  while (leaves < lengths.length) leaves *= 2;
  const room = new Int32Array(2 * leaves).fill(capacity);
  const bins = new Uint32Array(lengths.length);
  let count = 0;
  lengths.forEach((length, piece) => {
    let node = 1;
    while (node < leaves) node = room[2 * node] >= length ? 2 * node : 2 * node + 1;
    const bin = node - leaves;
    bins[piece] = bin;
    count = Math.max(count, bin + 1);
    for (room[node] -= length; node > 1; node >>= 1) room[node >> 1] = Math.max(room[node], room[node ^ 1]);
  });
  return { bins, count };
}
