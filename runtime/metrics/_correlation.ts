// Pearson's correlation, and ranks for Spearman's.

import type { Measured } from "./define.ts";
import { meanOf } from "./define.ts";

/** Σ (x − x̄)(y − ȳ) / (|x − x̄| |y − ȳ|); null where one side does not vary. */
export function correlation(x: readonly number[], y: readonly number[]): Measured {
  if (x.length < 2) return { value: null, note: "one pair has no correlation" };
  const still = [x, y].findIndex((side) => side.every((value) => value === side[0]));
  if (still >= 0) return { value: null, note: `the ${["predictions", "references"][still]} are all the same number` };
  const [dx, dy] = [x, y].map(centered);
  const [nx, ny] = [norm(dx), norm(dy)];
  let sum = 0;
  for (let i = 0; i < dx.length; i++) sum += (dx[i] / nx) * (dy[i] / ny);
  return Number.isFinite(sum) ? { value: Math.max(-1, Math.min(1, sum)) } : { value: null, note: "the numbers are too large, or too close to each other" };
}

function centered(side: readonly number[]): number[] {
  const mean = meanOf(side);
  return side.map((value) => value - mean);
}

/** The 2-norm, with the largest taken out so that squares neither overflow nor vanish. */
function norm(side: readonly number[]): number {
  let largest = 0;
  for (const value of side) largest = Math.max(largest, Math.abs(value));
  let squares = 0;
  for (const value of side) squares += (value / largest) ** 2;
  return largest * Math.sqrt(squares);
}

/** Ranks from 1; equal numbers share the mean of their ranks. */
export function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Array<number>(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let i = first; i < end; i++) ranks[order[i]] = (first + end + 1) / 2;
    first = end;
  }
  return ranks;
}
