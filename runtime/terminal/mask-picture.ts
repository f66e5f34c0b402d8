// What a mask allows at a few positions, and what kernels compute of it: as block characters for a terminal (as SVG: mask-svg.ts).
// Queries go down, keys across.

import { dependence, maskMatrix, tellingLength } from "../../compiler/graph/mask.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { keyRanges, maskRows, shortestGap } from "../../compiler/ops/_attention_mask.ts";

export interface MaskPicture {
  readonly positions: number;
  /** How many positions the prefix has, where the mask looks at it. */
  readonly prefix: number | null;
  /** Lengths of packed documents, where it looks at them. */
  readonly documents: readonly number[] | null;
  readonly rows: readonly string[];
  readonly counts: PairCounts;
  /** The same at a length of training, with a prefix and documents of the same shares. */
  readonly long: PairCounts;
}

/** Pairs of a query and a key: all, those that the mask allows, and those that kernels compute. */
export interface PairCounts { readonly positions: number; readonly pairs: number; readonly allowed: number; readonly computed: number }

export interface PictureOptions { readonly positions?: number; readonly prefix?: number; readonly documents?: readonly number[] }

const longLength = 1024;
export const mostPositions = 64;

/** Without options between 8 and 32 positions, as many as it takes to tell. */
export function pictureOf(mask: MaskExpression, options: PictureOptions = {}): MaskPicture {
  const uses = dependence(mask);
  const given = options.documents?.reduce((sum, length) => sum + length, 0);
  const positions = given ?? options.positions ?? Math.max(8, Math.min(32, tellingLength(mask)));
  const prefix = uses.prefix ? (options.prefix ?? Math.round(positions / 3)) : null;
  const first = Math.round(positions * 0.4);
  const documents = uses.document ? (options.documents ?? (first && first < positions ? [first, positions - first] : [positions])) : null;
  const allowed = allowedAt(mask, positions, prefix, documents);
  const rows = Array.from({ length: positions }, (_, query) => Array.from({ length: positions }, (_key, key) => (allowed[query * positions + key] ? "██" : "··")).join(""));
  const scaled = (value: number): number => Math.round((value * longLength) / positions);
  return { positions, prefix, documents, rows, counts: countsOf(mask, positions, prefix, documents), long: countsOf(mask, longLength, prefix === null ? null : scaled(prefix), documents && documents.map(scaled)) };
}

const numbersOf = (documents: readonly number[] | null, positions: number): Int32Array | undefined => {
  if (!documents) return undefined;
  const numbers = new Int32Array(positions).fill(documents.length - 1);
  let at = 0;
  documents.forEach((length, i) => numbers.fill(i, at, (at += length)));
  return numbers;
};

function allowedAt(mask: MaskExpression, positions: number, prefix: number | null, documents: readonly number[] | null): Uint8Array {
  const numbers = numbersOf(documents, positions);
  return maskMatrix(mask, { queries: positions, keys: positions, prefix: prefix ?? 0 }, numbers && { queries: numbers, keys: numbers });
}

/** Computed is what the reference kernels walk: for strips of four queries the ranges of keys that they see between them. */
function countsOf(mask: MaskExpression, positions: number, prefix: number | null, documents: readonly number[] | null): PairCounts {
  const rows = maskRows(mask, positions, positions, { prefix: Int32Array.of(prefix ?? 0), documents: numbersOf(documents, positions) })(0);
  let computed = 0;
  for (let t = 0; t < positions; t += 4) {
    const end = Math.min(positions, t + 4);
    const ranges = keyRanges(rows, t, end, positions, shortestGap);
    for (let n = 0; n < ranges.length; n += 2) computed += (end - t) * (ranges[n + 1] + 1 - ranges[n]);
  }
  return { positions, pairs: positions ** 2, allowed: allowedAt(mask, positions, prefix, documents).reduce((sum, value) => sum + value, 0), computed };
}

export function pictureText(picture: MaskPicture, indent: string): string {
  const { positions, rows } = picture;
  const wide = positions <= 32;
  const gutter = String(positions - 1).length + 1;
  const every = positions <= 16 ? 4 : 8;
  const ticks = Array.from({ length: Math.ceil(positions / every) }, (_, i) => String(i * every).padEnd(every * (wide ? 2 : 1))).join("").trimEnd();
  const lines = wide ? rows : Array.from({ length: Math.ceil(positions / 2) }, (_, i) => halves(rows[2 * i], rows[2 * i + 1]));
  const labelled = lines.map((line, i) => {
    const query = wide ? i : 2 * i;
    return `${indent}${(query % every === 0 ? String(query) : "").padStart(gutter)} ${line}\n`;
  });
  return `${indent}queries ↓ keys →, ${notesOf(picture).join(", ")}${wide ? "" : "; a line holds two queries"}\n${indent}${" ".repeat(gutter + 1)}${ticks}\n${labelled.join("")}${indent}${countsText(picture.counts)}\n${indent}at 1,024 positions: ${countsText(picture.long)}\n`;
}

export function notesOf({ positions, prefix, documents }: MaskPicture): string[] {
  return [`${positions} position${positions === 1 ? "" : "s"}`, ...(prefix === null ? [] : [`a prefix of ${prefix}`]), ...(documents === null ? [] : [documents.length === 1 ? "one document" : `packed documents of ${documents.slice(0, -1).join(", ")} and ${documents.at(-1)}`])];
}

/** `136 of 256 pairs allowed (53%); 160 computed, 96 skipped (38%)`. */
export function countsText({ pairs, allowed, computed }: PairCounts): string {
  const text = (value: number): string => value.toLocaleString("en-US");
  const share = (value: number): string => `${Number(((100 * value) / pairs).toPrecision(2))}%`;
  return `${text(allowed)} of ${text(pairs)} pairs allowed (${share(allowed)}); ${text(computed)} computed, ${text(pairs - computed)} skipped (${share(pairs - computed)})`;
}

/** Two rows as one line, a character a key. */
function halves(upper: string, lower: string | undefined): string {
  let line = "";
  for (let i = 0; i < upper.length; i += 2) line += [["·", "▄"], ["▀", "█"]][Number(upper[i] === "█")][Number(lower?.[i] === "█")];
  return line;
}
