// Where a mask can change: the lines a·query + b·key + c·prefix + d = 0 of a mask whose positions enter only by sums,
// differences, multiples, `abs`, `min` and `max`. `x < max(a, b)` is `x < a | x < b`, and so on: such a mask is a combination
// of the signs of these lines, so between them it is constant, and a few points stand for all.

import type { IndexExpression, MaskExpression } from "../masks/define.ts";

export interface Line { readonly query: number; readonly key: number; readonly prefix: number; readonly constant: number }

/** More lines than this are not worth following. */
const most = 64;

/** Null for a mask with `mod`, `length`, or products and quotients of positions. */
export function linesOf(mask: MaskExpression): readonly Line[] | null {
  switch (mask.kind) {
    case "constant":
    case "document":
      return [];
    case "not":
      return linesOf(mask.operand);
    case "and":
    case "or":
      return bounded(linesOf(mask.left), linesOf(mask.right), (left, right) => [...left, ...right]);
    case "compare":
      return bounded(valuesOf(mask.left), valuesOf(mask.right), (left, right) => pairs(left, right, -1));
  }
}

/** The lines whose value the expression has somewhere. */
function valuesOf(index: IndexExpression): readonly Line[] | null {
  switch (index.kind) {
    case "number":
      return Number.isFinite(index.value) ? [{ query: 0, key: 0, prefix: 0, constant: index.value }] : null;
    case "variable":
      return index.name === "length" ? null : [{ query: 0, key: 0, prefix: 0, constant: 0, [index.name]: 1 }];
    case "abs":
      return bounded(valuesOf(index.operand), [], (lines) => [...lines, ...lines.map((line) => times(line, -1))]);
    case "arithmetic":
      return bounded(valuesOf(index.left), valuesOf(index.right), (left, right) => {
        switch (index.operator) {
          case "+": return pairs(left, right, 1);
          case "-": return pairs(left, right, -1);
          case "min":
          case "max": return [...left, ...right];
          case "*": return isNumber(right) ? left.map((line) => times(line, right[0].constant)) : isNumber(left) ? right.map((line) => times(line, left[0].constant)) : null;
          case "/": return isNumber(right) && right[0].constant !== 0 ? left.map((line) => times(line, 1 / right[0].constant)) : null;
          case "mod": return null;
        }
      });
  }
}

function bounded(left: readonly Line[] | null, right: readonly Line[] | null, join: (left: readonly Line[], right: readonly Line[]) => readonly Line[] | null): readonly Line[] | null {
  const joined = left && right && left.length * Math.max(1, right.length) <= 4 * most ? join(left, right) : null;
  if (!joined) return null;
  const distinct = [...new Map(joined.map((line) => [`${line.query},${line.key},${line.prefix},${line.constant}`, line])).values()];
  return distinct.length <= most && distinct.every((line) => Object.values(line).every(Number.isFinite)) ? distinct : null;
}

const times = (line: Line, by: number): Line => ({ query: by * line.query, key: by * line.key, prefix: by * line.prefix, constant: by * line.constant });

const pairs = (left: readonly Line[], right: readonly Line[], sign: 1 | -1): Line[] =>
  left.flatMap((a) => right.map((b) => ({ query: a.query + sign * b.query, key: a.key + sign * b.key, prefix: a.prefix + sign * b.prefix, constant: a.constant + sign * b.constant })));

const isNumber = (lines: readonly Line[]): boolean => lines.length === 1 && lines[0].query === 0 && lines[0].key === 0 && lines[0].prefix === 0;

/**
 * Whole numbers in order that stand for all of them where something changes only at `thresholds`: those around each threshold,
 * and one beyond on each side. It is constant from one to the next unless they are neighbours.
 */
export function tellingPoints(thresholds: readonly number[]): number[] {
  const points = new Set<number>(thresholds.length ? [] : [0]);
  for (const threshold of thresholds) for (let step = -2; step <= 2; step++) points.add(Math.floor(threshold) + step);
  return [...points].sort((a, b) => a - b);
}

/** Keys at which the mask may change for one query and prefix. */
export function keyThresholds(lines: readonly Line[], query: number, prefix: number): number[] {
  return lines.filter((line) => line.key !== 0).map((line) => -(line.query * query + line.prefix * prefix + line.constant) / line.key);
}
