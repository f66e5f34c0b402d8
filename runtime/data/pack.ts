// Windows for causal language modelling: which stretches of which documents make an example, and an example's arrays.
// A document of L tokens has L − 1 targets (each token but the first); each is predicted exactly once, in both layouts.

import type { TokenStore } from "./store.ts";

/** Examples as lists of pieces. Piece p reads `lengths[p]` inputs from `starts[p]` on; its targets are one token further. */
export interface Windows {
  readonly starts: Uint32Array;
  readonly lengths: Int32Array;
  /** Pieces of example e: offsets[e] … offsets[e + 1] − 1. */
  readonly offsets: Uint32Array;
  readonly examples: number;
  /** Targets in all. */
  readonly targets: number;
}

/** Rows of [examples, T], T the positions of the model. */
export interface Fields {
  readonly tokens: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float32Array;
  readonly positions: Int32Array;
  readonly real: Int32Array;
  readonly documents: Int32Array;
}

/**
 * Cuts documents into pieces of at most T positions, stride T. Unpacked, each piece is an example; packed, a piece goes into
 * the first example with room for it (first fit, in the order of the text), so a document of at most T positions is never split.
 */
export function makeWindows(store: TokenStore, length: number, pack: boolean): Windows {
  const starts: number[] = [];
  const lengths: number[] = [];
  let targets = 0;
  for (let document = 0; document + 1 < store.starts.length; document++) {
    const last = store.starts[document + 1] - 1;
    for (let start = store.starts[document]; start < last; start += length) {
      starts.push(start);
      lengths.push(Math.min(length, last - start));
      targets += lengths[lengths.length - 1];
    }
  }
  if (!pack) {
    return { starts: Uint32Array.from(starts), lengths: Int32Array.from(lengths), offsets: Uint32Array.from({ length: starts.length + 1 }, (_, i) => i), examples: starts.length, targets };
  }
  const { bins, count } = firstFit(lengths, length);
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
  return { starts: packedStarts, lengths: packedLengths, offsets, examples: count, targets };
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

export function emptyFields(examples: number, length: number, pad: number): Fields {
  const size = examples * length;
  return {
    tokens: new Int32Array(size).fill(pad),
    targets: new Int32Array(size).fill(pad),
    weights: new Float32Array(size),
    positions: new Int32Array(size),
    real: new Int32Array(size),
    // Padding belongs to no document.
    documents: new Int32Array(size).fill(-1),
  };
}

/** Writes example `example` into row `row` of fields that were empty. Positions restart at each piece; `documents` numbers the pieces from 0. */
export function fillRow(fields: Fields, row: number, store: TokenStore, windows: Windows, example: number, length: number): void {
  let at = row * length;
  for (let piece = windows.offsets[example]; piece < windows.offsets[example + 1]; piece++) {
    const start = windows.starts[piece];
    for (let i = 0; i < windows.lengths[piece]; i++, at++) {
      fields.tokens[at] = store.ids[start + i];
      fields.targets[at] = store.ids[start + i + 1];
      fields.weights[at] = 1;
      fields.positions[at] = i;
      fields.real[at] = 1;
      fields.documents[at] = piece - windows.offsets[example];
    }
  }
}
