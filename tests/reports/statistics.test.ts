// Statistics over seeds: values that were computed by hand, and what must hold for any numbers.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agreementOf, kendallTauB } from "../../runtime/reports/_agreement.ts";
import { beyondBaseline, coverage, differenceOf, momentsOf, placesOf, toldApart } from "../../runtime/reports/_statistics.ts";
import { seeded } from "./results.ts";

describe("moments", () => {
  test("of 2, 4, 9: mean 5, Σ(x − 5)² = 9 + 1 + 16 = 26, deviation √13", () => {
    expect(momentsOf(seeded(2, 4, 9))).toEqual({ n: 3, mean: 5, deviation: Math.sqrt(13) });
  });
  test("of one value have no deviation; of none there are no moments; what is no number does not count", () => {
    expect(momentsOf(seeded(7))).toEqual({ n: 1, mean: 7, deviation: null });
    expect(momentsOf([])).toBeNull();
    expect(momentsOf(seeded(NaN, null as unknown as number, Infinity))).toBeNull();
    expect(momentsOf(seeded(1, NaN, 3))).toEqual({ n: 2, mean: 2, deviation: Math.SQRT2 });
  });
});

describe("differences", () => {
  test("are paired over common seeds: 1, 2, 6 have mean 3, Σ(d − 3)² = 14, error √(7 / 3)", () => {
    expect(differenceOf(seeded(11, 22, 36), seeded(10, 20, 30))).toEqual({ value: 3, error: Math.sqrt(7 / 3), by: "paired", seeds: 3 });
  });
  test("of a row that lost a seed are paired over the others", () => {
    expect(differenceOf([{ seed: 0, value: 5 }, { seed: 2, value: 9 }], seeded(4, 100, 6))).toEqual({ value: 2, error: 1, by: "paired", seeds: 2 });
  });
  test("without common seeds are Welch's: √(2/2 + 8/2) = √5", () => {
    expect(differenceOf([{ seed: 7, value: 1 }, { seed: 8, value: 3 }], seeded(4, 8))).toEqual({ value: -4, error: Math.sqrt(5), by: "welch", seeds: 2 });
  });
  test("of one seed have no error", () => {
    expect(differenceOf(seeded(3), seeded(1))).toEqual({ value: 2, error: null, by: "one seed", seeds: 1 });
    expect(differenceOf(seeded(3), [])).toBeNull();
  });
});

describe("marks", () => {
  const baseline = momentsOf(seeded(9, 10, 11))!; // deviation 1
  test("beyond two of the baseline's deviations, not at them", () => {
    expect(beyondBaseline(momentsOf(seeded(12))!, baseline)).toBe(false);
    expect(beyondBaseline(momentsOf(seeded(12.001))!, baseline)).toBe(true);
    expect(beyondBaseline(momentsOf(seeded(7.999))!, baseline)).toBe(true);
    expect(beyondBaseline(momentsOf(seeded(99))!, momentsOf(seeded(1))!)).toBeNull();
  });
  test("a row that varies more than the baseline is not told apart by the baseline's calm", () => {
    expect(toldApart(seeded(19, 20, 21), seeded(9, 10, 11), baseline)).toBe(1);
    expect(toldApart(seeded(9, 10, 11), seeded(19, 20, 21), baseline)).toBe(-1);
    expect(toldApart(seeded(0, 10, 50), seeded(9, 10, 11), baseline)).toBe(0);
    expect(toldApart(seeded(20), seeded(10), baseline)).toBe(0);
  });
});

test("two standard errors hold 2/π·arctan 2 of the cases with two seeds, 2/√6 with three, and 95.4 % with very many", () => {
  expect(coverage(2)).toBeCloseTo((2 / Math.PI) * Math.atan(2), 10);
  expect(coverage(3)).toBeCloseTo(2 / Math.sqrt(6), 10);
  expect(coverage(10_001)).toBeCloseTo(0.9545, 3);
});

test("places: of a > b > c and d, of which only a is told from d, d may be second to fourth", () => {
  const order = [[0, 1, 1, 1], [-1, 0, 1, 0], [-1, -1, 0, 0], [-1, 0, 0, 0]];
  expect(placesOf(4, (i, j) => order[i][j])).toEqual([{ from: 1, to: 1 }, { from: 2, to: 3 }, { from: 3, to: 4 }, { from: 2, to: 4 }]);
});

describe("Kendall's τ-b", () => {
  const by = (values: readonly number[]) => (i: number, j: number): number => Math.sign(values[i] - values[j]);
  test("without ties: 1 2 3 4 against 2 1 3 4 has 5 of 6 pairs concordant: (5 − 1) / 6", () => {
    expect(kendallTauB(4, by([1, 2, 3, 4]), by([2, 1, 3, 4]))).toBeCloseTo(4 / 6, 12);
  });
  test("with ties: 1 1 2 3 against 1 2 2 3: 4 concordant, 5 untied on either side: 4 / 5", () => {
    expect(kendallTauB(4, by([1, 1, 2, 3]), by([1, 2, 2, 3]))).toBeCloseTo(0.8, 12);
  });
  test("is not defined where one side has nothing but ties", () => {
    expect(kendallTauB(3, by([1, 1, 1]), by([1, 2, 3]))).toBeNull();
    expect(kendallTauB(1, by([1]), by([1]))).toBeNull();
  });
  test("is 1 with itself, −1 with its reverse, and symmetric", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 12 }), fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 }), (values, others) => {
      expect(kendallTauB(values.length, by(values), by(values))).toBeCloseTo(1, 12);
      expect(kendallTauB(values.length, by(values), (i, j) => -by(values)(i, j))).toBeCloseTo(-1, 12);
      expect(kendallTauB(values.length, by(values), by(others))).toBe(kendallTauB(values.length, by(others), by(values)));
    }));
  });
});

test("pairs: what both order alike is reproduced, otherwise contradicted, and a tie on either side cannot tell", () => {
  const ours = [[0, 1, 1], [-1, 0, 0], [-1, 0, 0]];
  const published = [[0, 1, -1], [-1, 0, 1], [1, -1, 0]];
  const { pairs, counts, tau } = agreementOf(3, (i, j) => ours[i][j], (i, j) => published[i][j]);
  expect(pairs).toEqual([
    { better: 0, worse: 1, verdict: "reproduced", tie: null },
    { better: 2, worse: 0, verdict: "contradicted", tie: null },
    { better: 1, worse: 2, verdict: "cannot tell", tie: "ours" },
  ]);
  expect(counts).toEqual({ reproduced: 1, contradicted: 1, "cannot tell": 1 });
  expect(tau).toBe(0);
});

describe("for any numbers", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 6 });
  test("a shift moves the mean and no deviation, a difference changes its sign with its sides", () => {
    fc.assert(fc.property(values, values, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (a, b, shift) => {
      const [plain, moved] = [momentsOf(seeded(...a))!, momentsOf(seeded(...a.map((value) => value + shift)))!];
      expect(Math.abs(moved.mean - plain.mean - shift)).toBeLessThan(1e-6);
      expect(Math.abs(moved.deviation! - plain.deviation!)).toBeLessThan(1e-6);
      const [one, other] = [differenceOf(seeded(...a), seeded(...b))!, differenceOf(seeded(...b), seeded(...a))!];
      expect(Math.abs(one.value + other.value)).toBeLessThan(1e-9);
      expect(Math.abs(one.error! - other.error!)).toBeLessThan(1e-6);
    }));
  });
  test("rows are told apart one way or not at all, and places cover every row", () => {
    fc.assert(fc.property(fc.array(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }), (rows) => {
      const samples = rows.map((row) => seeded(...row));
      const baseline = momentsOf(samples[0])!;
      const compare = (i: number, j: number): number => toldApart(samples[i], samples[j], baseline);
      samples.forEach((_, i) => samples.forEach((__, j) => expect(compare(i, j) + compare(j, i)).toBe(0)));
      for (const { from, to } of placesOf(rows.length, compare)) {
        expect(from).toBeGreaterThanOrEqual(1);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(rows.length);
      }
    }));
  });
});
