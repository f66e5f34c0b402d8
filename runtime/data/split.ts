// `split { train: 90%  valid: 10% }`: which documents (equal ones together), or which stretches of each document, belong to a part. No run's seed matters here.

import { hashOf } from "./hashes.ts";
import { randomStream } from "../../compiler/random.ts";
import { tooFewDocuments } from "../../grammar/diagnostics/PT7005-too-few-documents.ts";
import { fileError } from "../files/user-error.ts";

/** Shares by part name: fractions that sum to at most 1, or percents that sum to at most 100. */
export type Parts = { readonly [part: string]: number };

/**
 * The documents of a part, ascending. A permutation that depends only on `count` is cut into stretches whose sizes
 * are the shares rounded by largest remainder. Throws UserError (PT7005) if any part gets none.
 */
export function documentsOfPart(count: number, parts: Parts, part: string, file = ""): Int32Array {
  const shares = ordered(parts);
  const sizes = largestRemainder(count, shares.map((share) => share.fraction));
  const empty = sizes.findIndex((size, i) => size === 0 && shares[i].fraction > 0);
  if (empty >= 0) {
    const list = shares.map((share) => `${share.name} ${Number((share.fraction * 100).toPrecision(6))}%`).join(", ");
    throw fileError(tooFewDocuments, file, { documents: count, parts: list, empty: shares[empty].name });
  }
  const index = indexOf(shares, part);
  const start = sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  return shuffled(count).subarray(start, start + sizes[index]).toSorted();
}

/** Documents dealt out to parts: equal ones always to the same, wherever they stand. */
export interface Dealer {
  /** First each document is counted, … */
  readonly count: (document: string) => void;
  /** … then the parts are made (throws UserError PT7005), … */
  readonly finish: () => void;
  /** … then each is asked for. */
  readonly isWanted: (document: string) => boolean;
}

/** Different documents that are dealt out one by one; of more than these their hashes alone decide, which is near enough to the shares. */
const mostDealt = 1 << 20;

export function dealer(parts: Parts, part: string, file = "", most = mostDealt): Dealer {
  let numbers: Map<number, number> | null = new Map();
  let wanted: Uint8Array = new Uint8Array(0);
  const shares = ordered(parts);
  const index = indexOf(shares, part);
  const low = shares.slice(0, index).reduce((sum, share) => sum + share.fraction, 0);
  return {
    count(document) {
      if (numbers === null) return;
      const hash = hashOf(document);
      if (!numbers.has(hash)) numbers.set(hash, numbers.size);
      if (numbers.size > most) numbers = null;
    },
    finish() {
      if (numbers === null) return;
      wanted = new Uint8Array(numbers.size);
      for (const number of documentsOfPart(numbers.size, parts, part, file)) wanted[number] = 1;
    },
    isWanted(document) {
      const hash = hashOf(document);
      if (numbers !== null) return wanted[numbers.get(hash)!] === 1;
      const place = hash / 2 ** 52;
      return place >= low && place < low + shares[index].fraction;
    },
  };
}

/** The stretch of one document that belongs to a part: [start, end) in UTF-16 units, cut at the line ends nearest to the percentages. */
export function stretchOfPart(document: string, parts: Parts, part: string): readonly [number, number] {
  const shares = ordered(parts);
  const index = indexOf(shares, part);
  let before = 0;
  for (let i = 0; i < index; i++) before += shares[i].fraction;
  const start = cutNear(document, before);
  return [start, Math.max(start, cutNear(document, before + shares[index].fraction))];
}

interface Share { readonly name: string; readonly fraction: number }

/** Largest share first, then by name: the keys' order in a file or in canonical JSON must not matter. */
function ordered(parts: Parts): Share[] {
  const sum = Object.values(parts).reduce((total, share) => total + share, 0);
  const unit = sum > 1 + 1e-9 ? 100 : 1;
  return Object.entries(parts)
    .map(([name, share]) => ({ name, fraction: share / unit }))
    .sort((a, b) => b.fraction - a.fraction || (a.name < b.name ? -1 : 1));
}

function indexOf(shares: readonly Share[], part: string): number {
  const index = shares.findIndex((share) => share.name === part);
  if (index < 0) throw new Error(`the split has no part "${part}"`);
  return index;
}

/** Whole numbers near count × fraction that sum to the rounded total (Hamilton's method); ties go to the earlier. */
export function largestRemainder(count: number, fractions: readonly number[]): number[] {
  const quotas = fractions.map((fraction) => fraction * count);
  // 0.07 × 100 is a hair above 7 in binary; that is not a remainder.
  const sizes = quotas.map((quota) => Math.floor(quota + 1e-9));
  const total = Math.min(count, Math.round(quotas.reduce((sum, quota) => sum + quota, 0)));
  const byRemainder = quotas.map((quota, i) => ({ i, remainder: Math.round((quota - sizes[i]) * 1e9) })).sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  let left = total - sizes.reduce((sum, size) => sum + size, 0);
  for (const { i } of byRemainder) if (left-- > 0) sizes[i]++;
  return sizes;
}

function shuffled(count: number): Int32Array {
  const random = randomStream(0, "split");
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}

/** The place after the line end nearest to a fraction of the document; without line ends, the nearest place that cuts no surrogate pair. */
function cutNear(document: string, fraction: number): number {
  const length = document.length;
  if (fraction <= 1e-9) return 0;
  if (fraction >= 1 - 1e-9) return length;
  const target = Math.round(length * fraction);
  const before = target === 0 ? 0 : document.lastIndexOf("\n", target - 1) + 1;
  const next = document.indexOf("\n", target);
  const after = next < 0 ? length : next + 1;
  if (before === 0 && after === length) {
    const code = document.charCodeAt(target);
    return code >= 0xdc00 && code <= 0xdfff && target > 0 ? target - 1 : target;
  }
  return target - before <= after - target ? before : after;
}
