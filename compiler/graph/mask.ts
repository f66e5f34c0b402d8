// What a mask expression means: evaluation, dependence, classification for kernels.

import type { IndexExpression, MaskExpression } from "../masks/define.ts";

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
  const at: MaskPoint = { query: 0, key: 0, prefix, length, sameDocument: true };
  for (let t = 0; t < queries; t++) {
    at.query = offset + t;
    for (let s = 0; s < keys; s++) {
      at.key = s;
      if (documents) at.sameDocument = documents.queries[t] === documents.keys[s];
      if (evaluateMask(mask, at)) allowed[t * keys + s] = 1;
    }
  }
  return allowed;
}

export type MaskClass = "full" | "causal" | "prefix" | "banded" | "block-sparse" | "general";

/**
 * How a kernel may skip work under a mask, without its `document` part: `banded` means the allowed keys of query i
 * are exactly i + low … i + high (null: unbounded on that side). Decided by evaluation at a few lengths, which are
 * longer than every constant in the mask, so a verdict holds for all lengths.
 */
export function classifyMask(mask: MaskExpression): { class: MaskClass; document: boolean; band?: readonly [number | null, number | null] } {
  const split = splitDocument(mask);
  if (!split) return { class: "general", document: true };
  const { rest, document } = split;
  const uses = dependence(rest);
  // A factor or a quotient moves a threshold beyond every constant of the text: nothing is claimed of such a mask.
  const reach = isPlain(rest) ? reachOf(rest) : Infinity;
  if (reach > 1024 || uses.length) return { class: "general", document };
  const size = Math.max(16, 2 * reach + 3);
  const matrices = [0, 1, Math.floor(size / 2), size].slice(0, uses.prefix ? 4 : 1).map((prefix) => ({ prefix, allowed: maskMatrix(rest, { queries: size, keys: size, prefix }) }));
  const every = (test: (q: number, k: number, prefix: number) => boolean): boolean =>
    matrices.every(({ prefix, allowed }) => allowed.every((value, i) => (value === 1) === test(Math.floor(i / size), i % size, prefix)));
  if (every(() => true)) return { class: "full", document };
  if (every((q, k) => k <= q)) return { class: "causal", document };
  if (every((q, k, prefix) => k < prefix || k <= q)) return { class: "prefix", document };
  if (uses.prefix) return { class: "general", document };
  const { allowed } = matrices[0];
  const band = bandOf(allowed, size);
  if (band) return { class: "banded", document, band };
  const used = allowed.reduce((sum, value) => sum + value, 0);
  return { class: used * 2 <= size * size ? "block-sparse" : "general", document };
}

/** The band in which every diagonal is wholly allowed and outside of which none is, or null. */
function bandOf(allowed: Uint8Array, size: number): readonly [number | null, number | null] | null {
  const diagonal: boolean[] = [];
  for (let d = -(size - 1); d < size; d++) {
    let count = 0;
    const cells = size - Math.abs(d);
    for (let q = Math.max(0, -d); q < size && q + d < size; q++) count += allowed[q * size + q + d];
    if (count !== 0 && count !== cells) return null;
    diagonal.push(count !== 0);
  }
  const first = diagonal.indexOf(true);
  const last = diagonal.lastIndexOf(true);
  if (first < 0 || diagonal.slice(first, last + 1).includes(false)) return null;
  return [first === 0 ? null : first - (size - 1), last === diagonal.length - 1 ? null : last - (size - 1)];
}

/** A length for pictures, at which the constants of the mask matter; at most 1,024. */
export function tellingLength(mask: MaskExpression): number {
  return Math.min(1024, Math.max(16, 2 * reachOf(mask) + 3));
}

/**
 * The first position of a sequence of this length that sees a later one, if any does: no next-token objective may be trained
 * under such a mask. Keys of a prefix may be seen by all; it is tried with each of `prefixes`. Every pair is looked at, unless the mask is plain and its constants are all reached earlier.
 */
export function looksAhead(mask: MaskExpression, length: number, prefixes: readonly number[] = [0]): { readonly query: number; readonly key: number } | null {
  const size = isPlain(mask) && !dependence(mask).length ? Math.min(length, 2 * reachOf(mask) + 16) : length;
  const at: MaskPoint = { query: 0, key: 0, prefix: 0, length, sameDocument: true };
  for (const prefix of prefixes) {
    at.prefix = Math.min(prefix, size >> 1);
    for (let query = 0; query < size; query++) {
      at.query = query;
      for (let key = Math.max(query + 1, at.prefix); key < size; key++) {
        at.key = key;
        if (evaluateMask(mask, at)) return { query, key };
      }
    }
  }
  return null;
}

/** Positions enter only by sums, differences, `abs`, `min`, `max` and `mod`: where it changes is within the sum of its constants. */
function isPlain(mask: MaskExpression): boolean {
  return !/"operator":"[*/]"/.test(JSON.stringify(mask));
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
