// Power laws over a grid: rows that share an amount are fitted together, and the law of both quantities comes back.

import { describe, expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { bestOf, fitJoint, jointLossAt, shareOf, type JointPoint } from "../../runtime/reports/_joint.ts";
import { jointFits, scalingFits } from "../../runtime/reports/_scaling.ts";
import { summaryOf } from "../../runtime/reports/_summary.ts";
import { loss, resultOf, rowOf } from "./results.ts";

const law = { a: 406.4, alpha: 0.34, b: 410.7, beta: 0.28, c: 1.69 };
const grid = [1e5, 4e5, 1.6e6, 6.4e6].flatMap((parameters) => [1e6, 1e7, 1e8].map((tokens) => ({ parameters, tokens })));

function drawn(noise: number, seeds = 3): JointPoint[] {
  return grid.map((point, i) => {
    const random = randomStream(3, "noise", i);
    return { ...point, values: Array.from({ length: seeds }, () => jointLossAt(law, point) * Math.exp(noise * random.normal())) };
  });
}

const rows = (points: readonly JointPoint[]) => points.map(({ parameters, tokens, values }, i) => rowOf(String(i), { loss: values.map((value, seed) => ({ seed, value })) }, { parameters, tokens, flops: 6 * parameters * tokens }));
const summaryWith = (points: readonly JointPoint[]) => summaryOf(resultOf(rows(points), { measures: [loss], fit: { over: ["parameters", "tokens", "flops"] } }));

describe("the law of parameters and tokens", () => {
  test("comes back from losses without noise (Hoffmann et al. 2022, equation 10)", () => {
    const found = fitJoint(drawn(0))!;
    for (const key of ["a", "alpha", "b", "beta", "c"] as const) expect(found[key] / law[key]).toBeCloseTo(1, 3);
    expect(found.r2).toBeCloseTo(1, 8);
  });
  test("has intervals that hold it, and none with one seed", () => {
    const { intervals } = fitJoint(drawn(0.002))!;
    for (const [key, value] of [["alpha", law.alpha], ["beta", law.beta], ["share", shareOf(law)]] as const) {
      expect(intervals![key].low).toBeLessThan(value);
      expect(intervals![key].high).toBeGreaterThan(value);
    }
    expect(fitJoint(drawn(0.002, 1))!.intervals).toBeNull();
  });
  test("needs six rows and three amounts of each", () => {
    expect(fitJoint(drawn(0).slice(0, 5))).toBeNull();
    expect(fitJoint(drawn(0).filter(({ tokens }) => tokens > 1e6))).toBeNull();
  });
  test("is lowest at the best of a budget: a little more or less of either loses", () => {
    const best = bestOf(law, 1e14);
    expect(best.parameters * best.tokens).toBeCloseTo(1e14, -3);
    for (const factor of [0.9, 1.1]) expect(jointLossAt(law, { parameters: best.parameters * factor, tokens: best.tokens / factor })).toBeGreaterThan(jointLossAt(law, best));
  });
});

describe("a grid", () => {
  test("is fitted over one quantity for each amount of the other, operations along the front", () => {
    const fits = scalingFits(summaryWith(drawn(0)));
    expect(fits.map(({ over, at, rows }) => [over, at?.amount ?? null, rows.length])).toEqual([
      ["parameters", 1e6, 4], ["parameters", 1e7, 4], ["parameters", 1e8, 4],
      ["tokens", 1e5, 3], ["tokens", 4e5, 3], ["tokens", 1.6e6, 3], ["tokens", 6.4e6, 3],
      ["flops", null, expect.any(Number)],
    ]);
    // With more tokens the part of the loss that parameters lower is larger, and so is the exponent.
    const exponents = fits.slice(0, 3).map(({ fits: [{ b }] }) => b);
    expect(exponents).toEqual(exponents.toSorted((x, y) => x - y));
    const [joint, ...others] = jointFits(summaryWith(drawn(0)));
    expect(others).toEqual([]);
    expect([joint.cost, joint.most, joint.within({ parameters: 1e6, tokens: 1e7 }), joint.within({ parameters: 1e6, tokens: 1e9 })]).toEqual([6, 6 * 6.4e6 * 1e8, true, false]);
  });
  test("where both grow together is none: all rows, and what varies beside is said", () => {
    const diagonal = grid.filter((_, i) => i % 4 === 0);
    const fits = scalingFits(summaryWith(diagonal.map((point) => ({ ...point, values: [jointLossAt(law, point)] }))));
    expect(fits.map(({ over, at, besides }) => [over, at, besides])).toEqual([["parameters", null, ["tokens"]], ["tokens", null, ["parameters"]], ["flops", null, []]]);
  });
});
