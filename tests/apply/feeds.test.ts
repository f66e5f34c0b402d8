// What the losses of `pt apply` are computed from, by hand.

import { describe, expect, test } from "vitest";
import { applications } from "../../compiler/apply.ts";

const floats = (...values: number[]) => Float32Array.from(values);
const ints = (...values: number[]) => Int32Array.from(values);

describe("causal_lm", () => {
  const { feeds } = applications.causal_lm;
  test("position t is scored against label t + 1; the last position and -100 count nothing", () => {
    expect(feeds({ labels: ints(4, 5, -100, 6, -100, 7) }, { B: 2, T: 3, L: 0, V: 9 })).toEqual({ "lm.targets": ints(5, 0, 0, 0, 7, 0), "lm.weights": floats(1, 0, 0, 0, 1, 0), "lm.count": floats(2) });
  });
  test("nothing that counts is no loss", () => {
    expect(feeds({ labels: ints(4, -100) }, { B: 1, T: 2, L: 0, V: 9 })).toBeNull();
    expect(feeds({ labels: ints(4) }, { B: 1, T: 1, L: 0, V: 9 })).toBeNull();
  });
});

test("classify: a label of -100 counts nothing", () => {
  expect(applications.classify.feeds({ labels: ints(2, -100, 0) }, { B: 3, T: 4, L: 0, V: 3 })).toEqual({ "classify.targets": ints(2, 0, 0), "classify.weights": floats(1, 0, 1), "classify.count": floats(2) });
});

test("regress: labels as they are", () => {
  expect(applications.regress.feeds({ labels: floats(0.5, -2) }, { B: 2, T: 4, L: 0, V: 1 })).toEqual({ labels: floats(0.5, -2) });
});
