// Which solved examples stand before a question: drawn by (seed, example, shots), never the question itself.

import { randomStream } from "../../compiler/random.ts";

/**
 * Numbers of `count` different rows out of `pool`, in the order of the draw; `excluded` are never taken. Null where there are not so many.
 * A shuffle that stops early: each row is equally likely, and it ends whatever is excluded.
 */
export function drawShots(pool: number, count: number, { seed, example }: { readonly seed: number; readonly example: number }, excluded: (row: number) => boolean): number[] | null {
  const random = randomStream(seed, "shots", example, count);
  const moved = new Map<number, number>();
  const drawn: number[] = [];
  for (let i = 0; i < pool && drawn.length < count; i++) {
    const j = i + random.below(pool - i);
    const row = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    if (!excluded(row)) drawn.push(row);
  }
  return drawn.length === count ? drawn : null;
}

/** Numbers of the rows that `limit` leaves, ascending: drawn by the seed, so that the order of a file does not choose. */
export function drawRows(rows: number, limit: number | null, seed: number): number[] {
  if (limit === null || limit >= rows) return Array.from({ length: rows }, (_, i) => i);
  return drawShots(rows, limit, { seed, example: 2 ** 32 - 1 }, () => false)!.sort((a, b) => a - b);
}
