// accuracy, f1, precision, recall, matthews: values by hand.

import { describe, expect, test } from "vitest";
import { outcomeOf, score } from "./score.ts";

// a: 2 of 3 found, 1 too many; b: 1 of 2, 1 too many; c: never predicted.
const references = ["a", "a", "a", "b", "b", "c"];
const predictions = ["a", "a", "b", "b", "a", "a"];

describe("labels", () => {
  test("accuracy", () => expect(score("accuracy", predictions, references)).toEqual({ value: 0.5 }));

  test("averages", () => {
    // precision: a 2/4, b 1/2, c none; recall: a 2/3, b 1/2, c 0; f1: a 4/7, b 2/4, c 0.
    expect(score("f1(macro)", predictions, references).value).toBeCloseTo((4 / 7 + 0.5) / 3, 14);
    expect(score("f1(micro)", predictions, references).value).toBeCloseTo(0.5, 14);
    expect(score("f1(weighted)", predictions, references).value).toBeCloseTo((3 * (4 / 7) + 2 * 0.5) / 6, 14);
    expect(score("recall(macro)", predictions, references).value).toBeCloseTo((2 / 3 + 0.5) / 3, 14);
    const precision = score("precision(macro)", predictions, references);
    expect(precision.value).toBeCloseTo(1 / 3, 14);
    expect(precision.note).toBe("precision is undefined for c and counts as 0");
    expect(precision.details).toMatchObject({ labels: { a: { precision: 0.5, support: 3 }, c: { recall: 0, support: 1 } } });
  });

  test("the positive label", () => {
    const [right, given] = [["spam", "ham", "spam"], ["spam", "spam", "ham"]];
    expect(score('f1(positive: "spam")', given, right).value).toBe(0.5);
    expect(score('precision(positive: "ham")', given, right).value).toBe(0);
    expect(outcomeOf("f1", given, right)).toEqual({ problem: 'no label is the positive one, 1; they are "spam", "ham": name one as `positive`' });
    expect(outcomeOf("f1", predictions, references)).toMatchObject({ problem: expect.stringMatching(/3 labels.*choose another `average`/) });
    expect(score("f1", [0, 0], [0, 0])).toMatchObject({ value: 0, note: expect.stringMatching(/undefined/) });
    expect(score("f1", [true, false], [true, true]).value).toBeCloseTo(2 / 3, 14);
  });

  test("matthews of two labels is (tp tn − fp fn) over the root of the sums", () => {
    // tp 3, tn 1, fp 1, fn 1.
    expect(score("matthews", [1, 1, 1, 0, 1, 0], [1, 1, 1, 1, 0, 0]).value).toBeCloseTo((3 * 1 - 1 * 1) / Math.sqrt(4 * 4 * 2 * 2), 14);
    expect(score("matthews", [1, 1], [1, 0])).toEqual({ value: 0, note: "the predictions are all one label, where the correlation is given as 0" });
  });
});
