// Power laws: laws that are known come back, intervals hold them, and the same seeds draw the same.

import { describe, expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { fitsOf, fitThree, fitTwo, lossAt, type FitPoint } from "../../runtime/reports/_fit.ts";

const xs = [1e5, 3e5, 1e6, 3e6, 1e7, 3e7];

/** Seeds around a law, with relative noise. */
function drawn(law: { a: number; b: number; c: number }, noise: number, seeds = 3): FitPoint[] {
  return xs.map((x, i) => {
    const random = randomStream(5, "noise", i);
    return { x, values: Array.from({ length: seeds }, () => lossAt(law, x) * Math.exp(noise * random.normal())) };
  });
}

test("two points determine a line: through (1, 8) and (4, 2) it is 8·x^−1", () => {
  const { a, b, c } = fitTwo([1, 4], [8, 2]);
  expect(a).toBeCloseTo(8, 10);
  expect(b).toBeCloseTo(1, 12);
  expect(c).toBe(0);
});

test("Kaplan's law over parameters comes back, and Hoffmann's with its constant", () => {
  const kaplan = { a: 8.8e13 ** 0.076, b: 0.076, c: 0 };
  expect(fitTwo(xs, xs.map((x) => lossAt(kaplan, x))).b).toBeCloseTo(0.076, 12);
  const hoffmann = { a: 406.4, b: 0.34, c: 1.69 };
  const found = fitThree(xs, xs.map((x) => lossAt(hoffmann, x)))!;
  expect(found.a / hoffmann.a).toBeCloseTo(1, 5);
  expect(found.b).toBeCloseTo(hoffmann.b, 6);
  expect(found.c).toBeCloseTo(hoffmann.c, 6);
});

describe("intervals", () => {
  test("of seeds hold the law and shrink with the noise", () => {
    const law = { a: 20, b: 0.12, c: 0 };
    const [loud, calm] = [0.02, 0.002].map((noise) => fitsOf(drawn(law, noise))[0]);
    for (const fit of [loud, calm]) {
      expect(fit).toMatchObject({ form: "a·x^−b", by: "seeds" });
      expect(fit.intervals!.b.low).toBeLessThan(law.b);
      expect(fit.intervals!.b.high).toBeGreaterThan(law.b);
      expect(fit.r2).toBeGreaterThan(0.98);
    }
    const width = ({ intervals }: typeof loud): number => intervals!.b.high - intervals!.b.low;
    expect(width(loud) / width(calm)).toBeGreaterThan(5);
  });
  test("of one seed are of what the law leaves over; too few rows have none", () => {
    const one = drawn({ a: 20, b: 0.12, c: 0 }, 0.01, 1);
    expect(fitsOf(one)[0].by).toBe("residuals");
    expect(fitsOf(one.slice(0, 2))[0]).toMatchObject({ by: null, intervals: null });
    expect(fitsOf(one.slice(0, 1))).toEqual([]);
  });
  test("are the same each time", () => {
    const points = drawn({ a: 400, b: 0.34, c: 1.7 }, 0.003);
    expect(fitsOf(points)).toEqual(fitsOf(points));
    expect(fitsOf(points).map(({ form }) => form)).toEqual(["a·x^−b", "c + a·x^−b"]);
  });
});

test("what has no logarithm is left out", () => {
  expect(fitsOf([{ x: 0, values: [1] }, { x: 10, values: [NaN, -1] }, { x: 100, values: [2] }])).toEqual([]);
});

test("a law whose constant falls to 0 is given without it", () => {
  const bent = xs.map((x) => ({ x, values: [3 - 0.1 * Math.log(x)] }));
  expect(fitsOf(bent).map(({ form }) => form)).toEqual(["a·x^−b"]);
});
