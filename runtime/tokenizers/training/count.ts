// Training text as pieces and how often each occurs, by the normalizer and pre-tokenizer that the tokenizer will have.

import { preTokenizer } from "../pre-tokenizers/step.ts";
import { reportFor } from "../file/json.ts";
import { readNormalizer } from "../file/read-normalizer.ts";
import { readPreTokenizer } from "../file/read-pre-tokenizer.ts";
import type { Json } from "../file/json.ts";

export type PieceCounts = ReadonlyMap<string, number>;

/** Beyond this many pieces (some 500 MB) those that occurred once are forgotten. */
const mostPieces = 1 << 22;

export async function countPieces(documents: AsyncIterable<string> | Iterable<string>, parts: { readonly normalizer?: Json | null; readonly pre_tokenizer: Json | null }): Promise<Map<string, number>> {
  const report = reportFor("tokenizer.json");
  const normalizer = readNormalizer(parts.normalizer, report);
  const cut = preTokenizer(readPreTokenizer(parts.pre_tokenizer, report).steps);
  report.done();
  const counts = new Map<string, number>();
  for await (const document of documents) {
    cut(normalizer === null ? document : normalizer.apply(document), true, ({ texts }) => {
      for (const piece of texts) {
        const count = counts.get(piece);
        // A cut-out would keep its whole document in memory; a copy does not.
        if (count === undefined) counts.set(piece.length < 13 ? piece : Buffer.from(piece, "utf16le").toString("utf16le"), 1);
        else counts.set(piece, count + 1);
      }
      if (counts.size > mostPieces) for (const [piece, count] of counts) if (count === 1) counts.delete(piece);
    });
  }
  return counts;
}

/**
 * The same pieces cut further for training: letters, numbers and other signs share no token, as in SentencePiece (`split_by_unicode_script`).
 * A tokenizer that has learned no such token needs no such cut.
 */
export function byScript(pre_tokenizer: Json): Json {
  const script = { type: "Split", pattern: { Regex: "▁?[\\p{L}\\p{M}]+|▁?\\p{N}+|▁?[^▁\\p{L}\\p{M}\\p{N}]+|▁" }, behavior: "Isolated", invert: false };
  return { type: "Sequence", pretokenizers: [pre_tokenizer, script] };
}

/** The characters of all pieces, at most `most` of them: the most frequent, equals by code point. In code point order. */
export function alphabetOf(pieces: PieceCounts, most: number): string[] {
  const counts = new Map<string, number>();
  for (const [piece, count] of pieces) countCharacters(counts, piece, count);
  return mostFrequent(counts, most);
}

export function countCharacters(counts: Map<string, number>, text: string, times = 1): void {
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + times);
}

export function mostFrequent(counts: PieceCounts, most: number): string[] {
  const ranked = [...counts].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b));
  return ranked.slice(0, Math.max(0, most)).map(([character]) => character).sort(byCodePoint);
}

/** JavaScript compares UTF-16 units, which puts 🙂 before ｆ. */
export function byCodePoint(a: string, b: string): number {
  return a.codePointAt(0)! - b.codePointAt(0)! || (a < b ? -1 : a > b ? 1 : 0);
}
