// Queries that see no key under a mask, at any length, with any prefix and in any document.

import type { MaskExpression } from "../masks/define.ts";
import { conjuncts, evaluateMask, type MaskPoint } from "./mask.ts";
import { keyThresholds, linesOf, tellingPoints, type Line } from "./mask-lines.ts";

/**
 * `all` where no query ever sees a key; the first blind one after position 0 where there is one; null where none is known.
 * Position 0 alone does not count: a mask of strictly earlier keys cannot show it any. Parts of a conjunction that cannot be
 * followed (`mod`, `length`, products) are left out, which only lets more be seen.
 */
export function blindQueries(mask: MaskExpression): "all" | { readonly first: number } | null {
  const followed = conjuncts(mask).filter((part) => linesOf(part)?.every(isSimple));
  const lines = followed.flatMap((part) => linesOf(part)!);
  const usesPrefix = lines.some((line) => line.prefix !== 0);
  if (lines.length > (usesPrefix ? 6 : 12)) return null;
  // Differences of query, key, prefix and 0 are compared with the lines' constants: what can hold changes only at sums of as many of them as there are steps from 0.
  const constants = [...new Set([0, ...lines.flatMap((line) => [line.constant, -line.constant])])];
  const sums = (terms: number): number[] => (terms === 1 ? constants : [...new Set(sums(terms - 1).flatMap((sum) => constants.map((constant) => sum + constant)))]);
  const queries = tellingPoints(sums(usesPrefix ? 3 : 2)).filter((query) => query >= 0);
  const offsets = sums(2);
  const sees = (query: number): boolean =>
    (usesPrefix ? tellingPoints([...offsets, ...offsets.map((offset) => query + offset)]).filter((prefix) => prefix >= 0) : [0]).some((prefix) => seesKey(followed, lines, query, prefix));
  const blind = queries.filter((query) => !sees(query));
  if (blind.length === queries.length) return "all";
  const first = blind.find((query) => query > 0);
  return first === undefined ? null : { first };
}

function seesKey(parts: readonly MaskExpression[], lines: readonly Line[], query: number, prefix: number): boolean {
  const at: MaskPoint = { query, key: query, prefix, length: 0, sameDocument: true };
  for (at.key of [query, ...tellingPoints([0, query, ...keyThresholds(lines, query, prefix)])]) {
    if (at.key < 0) continue;
    for (at.sameDocument of at.key === query ? [true] : [true, false]) if (parts.every((part) => evaluateMask(part, at))) return true;
  }
  return false;
}

/** One position, or the difference of two, against a whole number. */
function isSimple({ query, key, prefix, constant }: Line): boolean {
  const factors = [query, key, prefix].filter((factor) => factor !== 0);
  return Number.isSafeInteger(constant) && factors.every((factor) => Math.abs(factor) === 1) && (factors.length < 2 || (factors.length === 2 && factors[0] === -factors[1]));
}
