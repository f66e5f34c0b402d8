// Numbers beside logarithmic axes.

import { expect, test } from "vitest";
import { logTicks } from "../../runtime/reports/_plots.ts";

test.each([
  { values: [5.899, 7.125], expected: [6, 6.5, 7] },
  { values: [123_136, 273_088], expected: [150_000, 200_000, 250_000] },
  { values: [20, 50, 800], expected: [20, 50, 100, 200, 500] },
  { values: [1e3, 1e12], expected: [1e4, 1e6, 1e8, 1e10, 1e12] },
  { values: [10, 5_000], expected: [10, 30, 100, 300, 1_000, 3_000] },
  { values: [150e9], expected: [150e9] },
  { values: [], expected: [] },
  { values: [0, 1], expected: [1] },
  { values: [-1, 2], expected: [2] },
])("round numbers within $values", ({ values, expected }) => {
  expect(logTicks(values)).toEqual(expected);
});

test("from anything to anything there are 1 to 9 of them, in order and within", () => {
  for (let exponent = -4; exponent < 8; exponent += 0.37) {
    for (const ratio of [1.01, 1.3, 2, 5, 9.9, 10, 40, 999, 1e5, 1e9]) {
      const low = 10 ** exponent;
      const ticks = logTicks([low, low * ratio]);
      expect(ticks.length, `${low} × ${ratio}`).toBeLessThan(10);
      expect(ticks.length, `${low} × ${ratio}`).toBeGreaterThan(0);
      expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
      expect(ticks.every((tick) => tick >= low && tick <= low * ratio)).toBe(true);
    }
  }
});
