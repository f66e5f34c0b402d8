// Which keys each query of attention sees, as row ranges that a kernel walks without testing elements.
// B batch, T queries, S keys.

import { classifyMask, dependence, maskMatrix, splitDocument } from "../graph/mask.ts";
import type { MaskExpression } from "../masks/define.ts";

/** What an example adds to the mask; int32 data as the op receives it. */
export interface MaskFacts {
  readonly real?: ArrayLike<number>;
  readonly documents?: ArrayLike<number>;
  readonly key_documents?: ArrayLike<number>;
  readonly prefix?: ArrayLike<number>;
  readonly offset?: ArrayLike<number>;
}

/** Query t sees keys first[t] … last[t] (none when last < first), all of them where dense[t], else those with allowed[t * S + s] = 1. */
export interface MaskRows {
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly dense: Uint8Array;
  readonly allowed: Uint8Array | null;
}

interface Analysis {
  /** The mask without its document conjuncts; null when documents occur elsewhere in it. */
  readonly rest: MaskExpression | null;
  readonly document: boolean;
  readonly prefix: boolean;
  readonly kind: ReturnType<typeof classifyMask>;
  /** Rows of a mask that needs a matrix, by sizes, offset and prefix. */
  readonly known: Map<string, MaskRows>;
}

/** Analyses by the mask's identity: a graph keeps its masks for as long as it runs. */
const analyses = new WeakMap<MaskExpression, Analysis>();

export function analyseMask(mask: MaskExpression): Analysis {
  let found = analyses.get(mask);
  if (!found) {
    const split = splitDocument(mask);
    const uses = dependence(mask);
    found = { rest: split ? split.rest : null, document: uses.document, prefix: uses.prefix, kind: classifyMask(split ? split.rest : mask), known: new Map() };
    analyses.set(mask, found);
  }
  return found;
}

/** Rows for each example; they may be overwritten by the next call. */
export function maskRows(mask: MaskExpression, T: number, S: number, facts: MaskFacts): (b: number) => MaskRows {
  const analysis = analyseMask(mask);
  const documents = analysis.document ? facts.documents : undefined;
  const offset = facts.offset ? facts.offset[0] : 0;
  const prefixOf = (b: number): number => (analysis.prefix && facts.prefix ? facts.prefix[b] : 0);
  const queryDocuments = (b: number): ArrayLike<number> => part(documents as ArrayLike<number>, b, T);
  const keyDocuments = (b: number): ArrayLike<number> => part(facts.key_documents ?? (documents as ArrayLike<number>), b, S);

  let base: (b: number) => MaskRows;
  if (analysis.rest || !documents) base = (b) => plainRows(analysis.rest ?? mask, analysis, T, S, offset, prefixOf(b));
  else base = (b) => rowsOfMatrix(maskMatrix(mask, { queries: T, keys: S, offset, prefix: prefixOf(b) }, { queries: queryDocuments(b), keys: keyDocuments(b) }), T, S);
  if (!facts.real && !(documents && analysis.rest)) return base;

  const scratch = new Uint8Array(T * S);
  return (b) => {
    scratch.fill(0);
    const rows = base(b);
    const real = facts.real ? part(facts.real, b, S) : null;
    const own = documents && analysis.rest ? queryDocuments(b) : null;
    const theirs = own ? keyDocuments(b) : null;
    for (let t = 0; t < T; t++) {
      for (let s = rows.first[t], at = t * S + s; s <= rows.last[t]; s++, at++) {
        if ((rows.dense[t] || rows.allowed![at]) && (!real || real[s]) && (!own || own[t] === theirs![s])) scratch[at] = 1;
      }
    }
    return rowsOfMatrix(scratch, T, S);
  };
}

/** Ranges from the mask's class where it has one, else from its matrix. */
function plainRows(rest: MaskExpression, analysis: Analysis, T: number, S: number, offset: number, prefix: number): MaskRows {
  const { class: kind, band } = analysis.kind;
  if (kind === "general" || kind === "block-sparse") {
    const name = `${T},${S},${offset},${prefix}`;
    let rows = analysis.known.get(name);
    if (!rows) {
      rows = rowsOfMatrix(maskMatrix(rest, { queries: T, keys: S, offset, prefix }), T, S);
      if (analysis.known.size >= 64) analysis.known.clear();
      analysis.known.set(name, rows);
    }
    return rows;
  }
  const first = new Int32Array(T);
  const last = new Int32Array(T).fill(S - 1);
  for (let t = 0; t < T; t++) {
    const position = offset + t;
    if (kind === "causal") last[t] = Math.min(S - 1, position);
    else if (kind === "prefix") last[t] = Math.min(S - 1, Math.max(position, prefix - 1));
    else if (kind === "banded") {
      if (band![0] !== null) first[t] = Math.max(0, position + band![0]);
      if (band![1] !== null) last[t] = Math.min(S - 1, position + band![1]);
    }
  }
  return { first, last, dense: new Uint8Array(T).fill(1), allowed: null };
}

function rowsOfMatrix(allowed: Uint8Array, T: number, S: number): MaskRows {
  const first = new Int32Array(T);
  const last = new Int32Array(T).fill(-1);
  const dense = new Uint8Array(T);
  for (let t = 0; t < T; t++) {
    const row = t * S;
    let from = 0;
    let to = S - 1;
    let count = 0;
    while (from < S && !allowed[row + from]) from++;
    while (to > from && !allowed[row + to]) to--;
    if (from === S) continue;
    for (let s = from; s <= to; s++) count += allowed[row + s];
    first[t] = from;
    last[t] = to;
    dense[t] = count === to - from + 1 ? 1 : 0;
  }
  return { first, last, dense, allowed };
}

/** Fewer keys than this between two ranges cost less than another range. */
export const shortestGap = 8;

/**
 * Ranges of keys that the queries t0 … t1 − 1 see between them, as first, last, first, last, … in order, with more than `gap` keys
 * between two. Only rows with holes are searched for them.
 */
export function keyRanges({ first, last, dense, allowed }: MaskRows, t0: number, t1: number, S: number, gap: number): number[] {
  let [lo, hi, holes] = [S, -1, false];
  for (let t = t0; t < t1; t++) {
    if (last[t] < first[t]) continue;
    lo = Math.min(lo, first[t]);
    hi = Math.max(hi, last[t]);
    holes ||= dense[t] === 0;
  }
  if (hi < 0) return [];
  if (!holes) return [lo, hi];
  const ranges = [lo, lo];
  for (let s = lo + 1; s <= hi; s++) {
    for (let t = t0; t < t1; t++) {
      if (s < first[t] || s > last[t] || (!dense[t] && !allowed![t * S + s])) continue;
      if (s > ranges[ranges.length - 1] + gap + 1) ranges.push(s, s);
      else ranges[ranges.length - 1] = s;
      break;
    }
  }
  return ranges;
}

function part(data: ArrayLike<number>, b: number, size: number): ArrayLike<number> {
  return (data as Int32Array).subarray(b * size, (b + 1) * size);
}
