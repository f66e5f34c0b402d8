// Unigram: the segmentation of highest probability, by the Viterbi algorithm (Kudo 2018, section 3.2).

import { byteToken } from "./bpe.ts";
import { makeTrie } from "./trie.ts";
import type { Model } from "./model.ts";

export interface UnigramSettings {
  /** Text and log-probability by id; a hole is an id that no text has. */
  readonly pieces: readonly (readonly [text: string, score: number] | undefined)[];
  readonly unknown: number;
  readonly byteFallback: boolean;
  /** Ids that text never becomes: special tokens. */
  readonly hidden: ReadonlySet<number>;
}

/** Text of an id that training did not fill: a list has no holes, and no piece of a text has a space. */
export const unusedPiece = (index: number): string => `unused ${index}`;
export const isUnused = (text: string): boolean => /^unused \d+$/.test(text);

/** How much less likely than the least likely token an unknown character is (SentencePiece, `kUnkPenalty`). */
const unknownPenalty = 10;

export function unigramModel({ pieces, unknown, byteFallback, hidden }: UnigramSettings): Model {
  const trie = makeTrie(pieces.length * 4);
  const scores = Float64Array.from(pieces, (piece) => piece?.[1] ?? 0);
  const idOf = new Map<string, number>();
  pieces.forEach((piece, id) => {
    if (piece === undefined) return;
    idOf.set(piece[0], id);
    if (!hidden.has(id) && piece[0] !== "") trie.insert(piece[0], id);
  });
  const unknownScore = pieces.reduce((least, piece) => Math.min(least, piece?.[1] ?? least), Infinity) - unknownPenalty;
  const fallback = byteFallback ? Array.from({ length: 256 }, (_, byte) => idOf.get(byteToken(byte)) ?? -1) : null;
  const encoder = new TextEncoder();
  let best = new Float64Array(256);
  let from = new Int32Array(256);
  let made = new Int32Array(256);

  const offer = (end: number, start: number, id: number, score: number): void => {
    if (from[end] >= 0 && score <= best[end]) return;
    best[end] = score;
    from[end] = start;
    made[end] = id;
  };
  const addUnknown = (ids: number[], ranges: number[], text: string, start: number, end: number): void => {
    const bytes = fallback === null ? [] : Array.from(encoder.encode(text), (byte) => fallback[byte]);
    for (const id of bytes.length > 0 && bytes.every((byte) => byte >= 0) ? bytes : [unknown]) {
      ids.push(id);
      ranges.push(start, end);
    }
  };
  return {
    surface: unknown,
    tokenize(text) {
      const size = text.length;
      if (size >= best.length) [best, from, made] = [new Float64Array(2 * size), new Int32Array(2 * size), new Int32Array(2 * size)];
      from.fill(-1, 0, size + 1);
      best[0] = 0;
      for (let start = 0; start < size; ) {
        const character = text.codePointAt(start)! > 0xffff ? 2 : 1;
        let single = false;
        for (let end = start, node = 0; end < size; ) {
          node = trie.next(node, text.charCodeAt(end++));
          if (node < 0) break;
          const id = trie.idAt(node);
          if (id < 0) continue;
          offer(end, start, id, best[start] + scores[id]);
          if (end - start === character) single = true;
        }
        if (!single) offer(start + character, start, unknown, best[start] + unknownScore);
        start += character;
      }
      const path: number[] = [];
      for (let end = size; end > 0; end = from[end]) path.push(end);
      const ids: number[] = [];
      const ranges: number[] = [];
      for (let i = path.length - 1; i >= 0; i--) {
        const end = path[i];
        if (made[end] !== unknown) {
          ids.push(made[end]);
          ranges.push(from[end], end);
          continue;
        }
        // Unknown characters side by side are one token.
        const start = from[end];
        while (i > 0 && made[path[i - 1]] === unknown) i--;
        addUnknown(ids, ranges, text.slice(start, path[i]), start, path[i]);
      }
      return { ids, ranges };
    },
  };
}
