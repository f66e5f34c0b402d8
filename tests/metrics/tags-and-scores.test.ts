// tagging_f1, tagging_accuracy and top_k_recall: values by hand.

import { describe, expect, test } from "vitest";
import { outcomeOf, score } from "./score.ts";

describe("tags", () => {
  const references = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "I-LOC", "I-LOC"]];
  const predictions = [["B-PER", "I-PER", "O", "B-PER"], ["B-LOC", "I-LOC", "O"]];

  test("entities are right as a whole", () => {
    // 1 of 3 predicted and of 3 in the references is right; by type PER 2/3 and LOC 0.
    expect(score("tagging_f1", predictions, references)).toMatchObject({ value: expect.closeTo(1 / 3, 14), details: { precision: expect.closeTo(1 / 3, 14), types: { LOC: { f1: 0, support: 2 } } } });
    expect(score("tagging_f1(macro)", predictions, references).value).toBeCloseTo(1 / 3, 14);
    expect(score("tagging_f1(weighted)", predictions, references).value).toBeCloseTo(2 / 9, 14);
    expect(score("tagging_accuracy", predictions, references).value).toBeCloseTo(5 / 7, 14);
  });

  test("an I that goes on with nothing begins an entity, but strictly not", () => {
    expect(score("tagging_f1", [["O", "I-PER"]], [["O", "B-PER"]]).value).toBe(1);
    expect(score("tagging_f1(scheme: iob2)", [["O", "I-PER"]], [["O", "B-PER"]]).value).toBe(0);
    expect(outcomeOf("tagging_f1(scheme: iob2)", [["S-PER"]], [["O"]])).toEqual({ problem: 'the tag "S-PER" is not of the scheme `iob2`, whose tags begin with B, I or O' });
    expect(score("tagging_f1", [["S-PER", "E-PER"]], [["S-PER", "B-PER"]]).value).toBe(1);
  });

  test("says so where there are no entities", () => {
    expect(score("tagging_f1", [["O"]], [["O"]])).toMatchObject({ value: 0, note: expect.stringMatching(/no entities/) });
    expect(score("tagging_f1(macro)", [["O"]], [["O"]])).toMatchObject({ value: null, note: "there are no entities" });
  });
});

describe("top_k_recall", () => {
  const scores = [[0.9, 0.5, 0.1], [0.2, 0.3, 0.4]];
  test("counts the right candidates among the first k", () => {
    expect([1, 2, 3].map((k) => score(`top_k_recall(${k})`, scores, [1, 2]).value)).toEqual([0.5, 1, 1]);
    expect(score("top_k_recall(k: 2)", scores, [[0, 2], [1, 2]]).value).toBe(0.75);
  });

  test("equal scores count against the right one", () => {
    expect([1, 2].map((k) => score(`top_k_recall(${k})`, [[1, 1]], [0]).value)).toEqual([0, 1]);
    expect(score("top_k_recall(2)", [[1, 1, 0]], [[0, 1]]).value).toBe(1);
  });
});
