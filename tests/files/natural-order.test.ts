// Natural order: numbers by value, the rest by code unit, and a total order.

import fc from "fast-check";
import { expect, it } from "vitest";
import { compareNatural } from "../../runtime/files/natural-order.ts";
import { editDistance, nearest } from "../../grammar/nearest.ts";

it("puts chapter_2 before chapter_10", () => {
  expect(["b", "chapter_10.txt", "chapter_2.txt", "chapter_02.txt", "chapter_1.txt", "a", "B", "é"].sort(compareNatural)).toEqual(["B", "a", "b", "chapter_1.txt", "chapter_2.txt", "chapter_02.txt", "chapter_10.txt", "é"]);
  expect(compareNatural("a99999999999999999998", "a99999999999999999999")).toBeLessThan(0);
});

it("is a total order", () => {
  const name = fc.array(fc.constantFrom("a", "b", "0", "1", "00", "9", "10", "_", "/"), { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
      expect(compareNatural(a, b) === 0).toBe(a === b);
      if (compareNatural(a, b) < 0 && compareNatural(b, c) < 0) expect(compareNatural(a, c)).toBeLessThan(0);
    }),
  );
});

it("finds the nearest name", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(nearest("dota.txt", ["b.txt", "data.txt"])).toEqual(["data.txt"]);
  expect(nearest("zzz", ["data.txt"])).toEqual([]);
});
