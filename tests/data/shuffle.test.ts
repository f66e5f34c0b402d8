// The order of examples: a bijection for every size, other for every epoch and seed, and well mixed.

import fc from "fast-check";
import { expect, it } from "vitest";
import { permutation } from "../../runtime/data/shuffle.ts";

const orderOf = (n: number, seed: number, epoch: number): number[] => Array.from({ length: n }, (_, i) => permutation(n, seed, epoch)(i));

it("is a bijection of [0, n)", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.maxSafeNat(), fc.nat(), (n, seed, epoch) => {
      const at = permutation(n, seed, epoch);
      expect(new Set(Array.from({ length: n }, (_, i) => at(i)))).toEqual(new Set(Array.from({ length: n }, (_, i) => i)));
    }),
    { numRuns: 60 },
  );
});

it("is fixed by size, seed and epoch, and changes with each", () => {
  expect(orderOf(20, 17, 0)).toEqual(orderOf(20, 17, 0));
  expect(orderOf(20, 17, 0)).not.toEqual(orderOf(20, 17, 1));
  expect(orderOf(20, 17, 0)).not.toEqual(orderOf(20, 18, 0));
  expect(orderOf(20, 17, 0)).not.toEqual(orderOf(20, 17 + 2 ** 32, 0));
  // The order of an old run must never change: these numbers are the contract.
  expect(orderOf(8, 17, 0)).toEqual([2, 7, 0, 1, 4, 5, 3, 6]);
});

it("puts every example everywhere about equally often", () => {
  for (const n of [2, 3, 5, 17]) {
    const counts = Array.from({ length: n }, () => new Array<number>(n).fill(0));
    const epochs = 3000;
    for (let epoch = 0; epoch < epochs; epoch++) orderOf(n, 3, epoch).forEach((example, place) => counts[place][example]++);
    const expected = epochs / n;
    for (const row of counts) for (const count of row) expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected));
  }
});

it("works at sizes that could not be stored", () => {
  const n = 1e12;
  const at = permutation(n, 1, 0);
  const seen = new Set(Array.from({ length: 1000 }, (_, i) => at(i)));
  expect(seen.size).toBe(1000);
  expect(Math.max(...seen)).toBeLessThan(n);
  expect(() => at(n)).toThrow(RangeError);
});
