// Windows: which stretches of which documents make an example. Of next-token targets a document of L tokens has L − 1 (each
// token but the first), each predicted exactly once; of a text that is noised each token stands in exactly one window.

import type { Numbers } from "./numbers.ts";
import type { TokenStore } from "./store.ts";

/** Examples as lists of pieces: piece p is `lengths[p]` tokens of the store from `starts[p]` on. */
export interface Windows {
  readonly starts: Numbers;
  readonly lengths: Numbers;
  /** Pieces of example e: offsets[e] … offsets[e + 1] − 1; null where each piece is an example. */
  readonly offsets: Numbers | null;
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
  const builder = windowsBuilder(store, `${of}-${tokens}${pack ? `-${pack.positions}-${pack.beyond}` : ""}`, pack);
  let begin = store.starts.length > 0 ? store.starts.at(0)! : 0;
  for (let document = 0; document + 1 < store.starts.length; document++) {
    const next = store.starts.at(document + 1)!;
    const from = begin + (of === "next" ? 0 : store.before);
    const end = next - (of === "next" ? 0 : store.after);
    for (let start = from; start < end - overlap; start += tokens - overlap) builder.add(start, Math.min(tokens, end - start));
    begin = next;
  }
  return builder.finish();
}

/** One window a document, what is beyond `tokens` cut off: the text of an image. */
export function captionWindows(store: TokenStore, tokens: number): Windows {
  const builder = windowsBuilder(store, `captions-${tokens}`, null);
  for (let document = 0; document + 1 < store.starts.length; document++) {
    const from = store.starts.at(document)! + store.before;
    builder.add(from, Math.max(0, Math.min(tokens, store.starts.at(document + 1)! - store.after - from)));
  }
  return builder.finish();
}

/** First and last (exclusive) piece of an example. */
export function piecesOf({ offsets }: Windows, example: number): readonly [number, number] {
  return offsets ? [offsets.at(example)!, offsets.at(example + 1)!] : [example, example + 1];
}

/** Pieces that are packed together at most: what first fit holds in memory. */
const packedTogether = 1 << 20;

export interface WindowsBuilder { readonly add: (start: number, length: number) => void; readonly finish: () => Windows }

/** Examples of these pieces, one each unless they are packed. `name` tells the lists of a store apart. */
export function windowsBuilder({ list }: Pick<TokenStore, "list">, name: string, pack: WindowOptions["pack"]): WindowsBuilder {
  const starts = list(`${name}.starts`, "float64");
  const lengths = list(`${name}.lengths`, "int32");
  if (!pack) {
    return {
      add(start, length) {
        starts.add(start);
        lengths.add(length);
      },
      finish: () => ({ starts: starts.finish(), lengths: lengths.finish(), offsets: null, examples: lengths.length() }),
    };
  }
  const offsets = list(`${name}.offsets`, "float64");
  offsets.add(0);
  let waiting: { start: number; length: number }[] = [];
  const flush = (): void => {
    const { bins, count } = firstFit(waiting.map(({ length }) => length + pack.beyond), pack.positions);
    const sizes = new Uint32Array(count);
    for (const bin of bins) sizes[bin]++;
    let place = starts.length();
    const places = Array.from(sizes, (size) => {
      place += size;
      offsets.add(place);
      return place - size - starts.length();
    });
    const order = new Uint32Array(waiting.length);
    bins.forEach((bin, piece) => (order[places[bin]++] = piece));
    for (const piece of order) {
      starts.add(waiting[piece].start);
      lengths.add(waiting[piece].length);
    }
    waiting = [];
  };
  return {
    add(start, length) {
      waiting.push({ start, length });
      if (waiting.length === packedTogether) flush();
    },
    finish() {
      if (waiting.length > 0) flush();
      return { starts: starts.finish(), lengths: lengths.finish(), offsets: offsets.finish(), examples: offsets.length() - 1 };
    },
  };
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
