// pearson and spearman: values by hand.

import { describe, expect, test } from "vitest";
import { ranksOf } from "../../runtime/metrics/_correlation.ts";
import { score } from "./score.ts";

describe("correlations", () => {
  test("by hand", () => {
    // Deviations (−1, 0, 1) and (−1, −1, 2): 3 / √(2 · 6).
    expect(score("pearson", [1, 2, 3], [0, 0, 3]).value).toBeCloseTo(3 / Math.sqrt(12), 14);
    // Ranks (1, 2, 3) and (1.5, 1.5, 3): 1.5 / √(2 · 1.5).
    expect(score("spearman", [1, 2, 3], [0, 0, 3]).value).toBeCloseTo(1.5 / Math.sqrt(3), 14);
  });

  test("equal numbers share the mean of their ranks", () => expect(ranksOf([5, 1, 5, 0, 5])).toEqual([4, 2, 4, 1, 4]));

  test("neither overflows nor vanishes", () => {
    for (const size of [1e200, 1e-200]) expect(score("pearson", [size, 2 * size, 3 * size], [0, 0, 3]).value).toBeCloseTo(3 / Math.sqrt(12), 12);
  });

  test("no value where a side does not vary, or there is one pair", () => {
    expect(score("pearson", [1, 2], [3, 3])).toEqual({ value: null, note: "the references are all the same number" });
    expect(score("spearman", [2, 2], [1, 3])).toEqual({ value: null, note: "the predictions are all the same number" });
    expect(score("pearson", [1e308, 1.5e308], [1, 2])).toMatchObject({ value: null, note: expect.stringMatching(/too large/) });
    expect(score("spearman", [2], [1])).toEqual({ value: null, note: "one pair has no correlation" });
  });
});
