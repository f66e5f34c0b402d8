// What a mask expression means: evaluation, dependence, classification for kernels.

import type { IndexExpression, MaskExpression } from "../masks/define.ts";
import { keyThresholds, linesOf, tellingPoints, type Line } from "./mask-lines.ts";

export interface MaskPoint { query: number; key: number; prefix: number; length: number; sameDocument: boolean }

/** Naive evaluation: the definition that everything else is tested against. `mod` has the sign of its divisor. */
export function evaluateMask(mask: MaskExpression, at: MaskPoint): boolean {
  switch (mask.kind) {
    case "constant":
      return mask.value;
    case "and":
      return evaluateMask(mask.left, at) && evaluateMask(mask.right, at);
    case "or":
      return evaluateMask(mask.left, at) || evaluateMask(mask.right, at);
    case "not":
      return !evaluateMask(mask.operand, at);
    case "document":
      return at.sameDocument;
    case "compare": {
      const left = evaluateIndex(mask.left, at);
      const right = evaluateIndex(mask.right, at);
      switch (mask.operator) {
        case "<": return left < right;
        case "<=": return left <= right;
        case ">": return left > right;
        case ">=": return left >= right;
        case "==": return left === right;
        case "!=": return left !== right;
      }
    }
  }
}

function evaluateIndex(index: IndexExpression, at: MaskPoint): number {
  switch (index.kind) {
    case "number":
      return index.value;
    case "variable":
      return at[index.name];
    case "abs":
      return Math.abs(evaluateIndex(index.operand, at));
    case "arithmetic": {
      const left = evaluateIndex(index.left, at);
      const right = evaluateIndex(index.right, at);
      switch (index.operator) {
        case "+": return left + right;
        case "-": return left - right;
        case "*": return left * right;
        case "/": return left / right;
        case "mod": return ((left % right) + right) % right;
        case "min": return Math.min(left, right);
        case "max": return Math.max(left, right);
      }
    }
  }
}

export interface Dependence { readonly prefix: boolean; readonly document: boolean; readonly length: boolean }

/** Which per-example facts a mask looks at, besides query and key. */
export function dependence(mask: MaskExpression): Dependence {
  const text = JSON.stringify(mask);
  return { prefix: text.includes('"prefix"'), document: text.includes('"document"'), length: text.includes('"length"') };
}

/** The conjuncts of a mask: `a & b & c` → [a, b, c]. */
export function conjuncts(mask: MaskExpression): MaskExpression[] {
  return mask.kind === "and" ? [...conjuncts(mask.left), ...conjuncts(mask.right)] : [mask];
}

/** A mask without its `document` conjuncts, and whether there were any. `null` when `document` occurs elsewhere (under `|` or `not`). */
export function splitDocument(mask: MaskExpression): { rest: MaskExpression; document: boolean } | null {
  const parts = conjuncts(mask);
  const rest = parts.filter((part) => part.kind !== "document");
  if (rest.some((part) => dependence(part).document)) return null;
  return { rest: rest.reduce<MaskExpression | null>((all, part) => (all ? { kind: "and", left: all, right: part } : part), null) ?? { kind: "constant", value: true }, document: rest.length < parts.length };
}

/**
 * `allowed[t * keys + s]` is 1 where query `offset + t` may attend to key s; `documents` gives the document of each
 * query and key (both from position 0 of the sequence). `length` is the number of keys unless given.
 */
export function maskMatrix(mask: MaskExpression, size: { queries: number; keys: number; offset?: number; prefix?: number; length?: number }, documents?: { queries: ArrayLike<number>; keys: ArrayLike<number> }): Uint8Array {
  const { queries, keys, offset = 0, prefix = 0, length = keys } = size;
  const allowed = new Uint8Array(queries * keys);
  const lines = linesOf(mask);
  const looks = documents !== undefined && dependence(mask).document;
  const others = new Uint8Array(looks ? keys : 0);
  for (let t = 0; t < queries; t++) {
    const at: MaskPoint = { query: offset + t, key: 0, prefix, length, sameDocument: true };
    const row = allowed.subarray(t * keys, (t + 1) * keys);
    fillRow(mask, lines, at, row);
    if (!looks) continue;
    at.sameDocument = false;
    fillRow(mask, lines, at, others);
    for (let s = 0; s < keys; s++) if (documents.queries[t] !== documents.keys[s]) row[s] = others[s];
  }
  return allowed;
}

/** One query's row: between the keys at which its lines change sign, one evaluation stands for all. */
function fillRow(mask: MaskExpression, lines: readonly Line[] | null, at: MaskPoint, row: Uint8Array): void {
  const keys = row.length;
  const seen = (key: number): number => {
    at.key = key;
    return evaluateMask(mask, at) ? 1 : 0;
  };
  if (!lines || 5 * lines.length >= keys) {
    for (let s = 0; s < keys; s++) row[s] = seen(s);
    return;
  }
  let from = 0;
  for (const point of tellingPoints(keyThresholds(lines, at.query, at.prefix))) {
    if (point < from) continue;
    if (point >= keys) break;
    if (point > from) row.fill(seen(from), from, point);
    row[point] = seen(point);
    from = point + 1;
  }
  if (from < keys) row.fill(seen(from), from, keys);
}

export type MaskClass = "full" | "causal" | "prefix" | "banded" | "block-sparse" | "general";

/**
 * How a kernel may skip work under a mask, without its `document` part. `full`, `causal`, `prefix` and `banded` say exactly which
 * pairs are allowed, at every length, offset and prefix: the allowed keys of query i of a band are i + low … i + high (null:
 * unbounded on that side). `block-sparse` and `general` claim nothing of a pair: in the first most 16 × 16 blocks are empty.
 */
export function classifyMask(mask: MaskExpression): { class: MaskClass; document: boolean; band?: readonly [number | null, number | null] } {
  const split = splitDocument(mask);
  if (!split) return { class: "general", document: true };
  const { rest, document } = split;
  const exact = exactClass(rest);
  return { class: exact?.class ?? (isBlockSparse(rest) ? "block-sparse" : "general"), document, ...(exact?.band ? { band: exact.band } : {}) };
}

/** For masks of the distances key − query and key − prefix alone, in whole numbers: a few of them stand for all. */
function exactClass(rest: MaskExpression): { class: MaskClass; band?: readonly [number | null, number | null] } | null {
  const lines = isWhole(rest) ? linesOf(rest)?.filter((line) => line.query !== 0 || line.key !== 0 || line.prefix !== 0) : null;
  if (!lines || lines.some(({ query, key, prefix }) => !(query === -key && prefix === 0) && !(prefix === -key && query === 0))) return null;
  const thresholds = (chosen: readonly Line[]): number[] => chosen.map((line) => -line.constant / line.key);
  const fromQuery = tellingPoints([0, ...thresholds(lines.filter((line) => line.prefix === 0))]);
  const fromPrefix = tellingPoints([0, ...thresholds(lines.filter((line) => line.query === 0))]);
  const key = Math.max(fromQuery.at(-1)!, fromPrefix.at(-1)!);
  const seen = (d: number, u: number): boolean => evaluateMask(rest, { query: key - d, key, prefix: key - u, length: 0, sameDocument: true });
  const every = (test: (d: number, u: number) => boolean): boolean => fromQuery.every((d) => fromPrefix.every((u) => seen(d, u) === test(d, u)));
  if (every(() => true)) return { class: "full" };
  if (every((d) => d <= 0)) return { class: "causal" };
  if (every((d, u) => u < 0 || d <= 0)) return { class: "prefix" };
  const allowed = fromQuery.map((d) => seen(d, 0));
  if (!every((d) => allowed[fromQuery.indexOf(d)])) return null;
  const [first, last] = [allowed.indexOf(true), allowed.lastIndexOf(true)];
  if (first < 0 || allowed.slice(first, last + 1).includes(false)) return null;
  return { class: "banded", band: [first === 0 ? null : fromQuery[first], last === allowed.length - 1 ? null : fromQuery[last]] };
}

/** At a length that is long for the mask's constants at most half of the blocks hold an allowed pair. */
function isBlockSparse(mask: MaskExpression): boolean {
  const size = Math.min(512, Math.max(256, 8 * reachOf(mask)));
  const allowed = maskMatrix(mask, { queries: size, keys: size, prefix: Math.floor(size / 4) });
  const blocks = new Set<number>();
  allowed.forEach((value, i) => value && blocks.add(Math.floor(i / size / 16) * size + Math.floor((i % size) / 16)));
  return blocks.size * 2 <= (size / 16) ** 2;
}

/** A length for pictures, at which the constants of the mask matter; at most 1,024. */
export function tellingLength(mask: MaskExpression): number {
  return Math.min(1024, Math.max(16, 2 * reachOf(mask) + 3));
}

/**
 * The first position of a sequence of this length that sees a later one, if any does: no next-token objective may be trained
 * under such a mask. Keys of a prefix may be seen by all; it is tried with each of `prefixes`. Every pair is looked at, but for
 * what is known from the parts of the mask.
 */
export function looksAhead(mask: MaskExpression, length: number, prefixes: readonly number[] = [0]): { readonly query: number; readonly key: number } | null {
  if (neverAhead(mask)) return null;
  const lines = linesOf(mask);
  const at: MaskPoint = { query: 0, key: 0, prefix: 0, length, sameDocument: true };
  for (at.prefix of prefixes) {
    for (at.query = 0; at.query < length; at.query++) {
      const from = Math.max(at.query + 1, at.prefix);
      const keys = lines ? [from, ...tellingPoints(keyThresholds(lines, at.query, at.prefix))] : Array.from({ length: Math.max(0, length - from) }, (_, i) => from + i);
      for (at.key of keys) if (at.key >= from && at.key < length && evaluateMask(mask, at)) return { query: at.query, key: at.key };
    }
  }
  return null;
}

/** True where a part of the mask says so: with `&` one side is enough, with `|` both must. */
function neverAhead(mask: MaskExpression): boolean {
  if (mask.kind === "and") return neverAhead(mask.left) || neverAhead(mask.right);
  if (mask.kind === "or") return neverAhead(mask.left) && neverAhead(mask.right);
  if (mask.kind !== "compare") return false;
  const { class: kind, band } = exactClass(mask) ?? {};
  return kind === "causal" || (band !== undefined && band[1] !== null && band[1] <= 0);
}

/** No quotient and no fraction: then what is computed of positions is not rounded, and depends on nothing but their distances. */
function isWhole(mask: MaskExpression): boolean {
  let whole = true;
  JSON.stringify(mask, (_, value) => {
    if (value === "/" || (typeof value === "number" && !Number.isSafeInteger(value))) whole = false;
    return value;
  });
  return whole;
}

/** The sum of all constants. */
function reachOf(mask: MaskExpression | IndexExpression): number {
  let sum = 0;
  JSON.stringify(mask, (_, value) => {
    if (typeof value === "number") sum += Math.abs(value);
    return value;
  });
  return Math.ceil(sum);
}
