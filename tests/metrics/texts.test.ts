// exact_match, squad_f1, rouge, bleu, edit_distance, token_error_rate: values by hand.

import { describe, expect, test } from "vitest";
import { stem } from "../../runtime/metrics/_porter.ts";
import { score } from "./score.ts";

const value = (call: string, prediction: string, ...references: string[]) => score(call, [prediction], [references]).value;

describe("exact_match and squad_f1", () => {
  test("are without case, punctuation and articles", () => {
    expect(value("exact_match", "The  cat!", "dog", "a cat")).toBe(1);
    expect(value("exact_match(none)", "The cat", "the cat")).toBe(0);
    // An article is a word of its own in any script, and no part of one.
    expect(value("exact_match", "the ατhe", "ατhe")).toBe(1);
    expect(value("exact_match", "éa", "é")).toBe(0);
  });

  test("F1 of shared words, the best reference", () => {
    expect(value("squad_f1", "red cat red", "the red dog")).toBeCloseTo(2 / 5, 14);
    expect(value("squad_f1", "red cat red", "the red dog", "red red")).toBeCloseTo(4 / 5, 14);
    expect(score("squad_f1", ["", "x"], [[""], ["the"]]).value).toBe(0.5);
  });
});

describe("rouge", () => {
  test("n-grams, the longest common subsequence, and that of lines", () => {
    const [prediction, reference] = ["the cat sat on a mat", "the cat lay on the mat"];
    // Unigrams the, cat, on, mat of 6 and 6; bigrams "the cat" of 5 and 5; the subsequence is the cat on mat.
    expect(value("rouge(1)", prediction, reference)).toBeCloseTo(4 / 6, 14);
    expect(value("rouge(2)", prediction, reference)).toBeCloseTo(1 / 5, 14);
    expect(value("rouge", prediction, reference)).toBeCloseTo(4 / 6, 14);
    // In one line the common subsequence is one of the two words; by lines it is both.
    expect(value("rouge(l)", "b\na", "a\nb")).toBe(0.5);
    expect(value("rouge(lsum)", "b\na", "a\nb")).toBe(1);
  });

  test("takes the best reference, and the mean over texts", () => {
    const measured = score("rouge(1)", ["a b", "c d"], [["a x", "a b c"], ["x"]]);
    expect(measured.value).toBeCloseTo(0.8 / 2, 14);
    expect(measured.details).toEqual({ precision: 0.5, recall: expect.closeTo(1 / 3, 14), f1: expect.closeTo(0.4, 14) });
  });

  test("stems words of more than three letters", () => {
    expect(value("rouge(1, stemmer: on)", "running dogs", "runs dogged")).toBe(1);
    expect(value("rouge(1, stemmer: on)", "running its", "runs it")).toBe(0.5);
    expect(["caresses", "ponies", "ties", "agreed", "hopping", "hoping", "falling", "happy", "relational", "generally", "adjustable", "rate", "controll", "skies", "died", "use"].map(stem)).toEqual(
      ["caress", "poni", "tie", "agre", "hop", "hope", "fall", "happi", "relat", "gener", "adjust", "rate", "control", "sky", "die", "use"],
    );
  });
});

describe("bleu", () => {
  test("a perfect text, a short one, and counts of all texts together", () => {
    expect(value("bleu", "a b c d", "a b c d")).toBeCloseTo(100, 10);
    // All n-grams match; 4 tokens for 5: e^(1 − 5/4).
    expect(value("bleu", "a b c d", "a b c d e")).toBeCloseTo(100 * Math.exp(-0.25), 10);
    const two = score("bleu", ["a b c d", "a x"], [["a b c d"], ["a y"]]);
    expect(two.details).toMatchObject({ matches: [5, 3, 2, 1], totals: [6, 4, 2, 1], predicted: 6, right: 6, brevity: 1 });
    expect(two.value).toBeCloseTo(100 * (5 / 6 * 3 / 4) ** 0.25, 10);
  });

  test("smoothing, case and tokens", () => {
    // Precisions 3/4, 1/3, and none of 2 and of 1.
    const of = (options: string) => value(`bleu(${options})`, "a b x c", "a b c");
    expect(of("smooth: none")).toBe(0);
    expect(of("smooth: exponential")).toBeCloseTo(100 * (3 / 4 * 1 / 3 * 1 / 4 * 1 / 4) ** 0.25, 10);
    expect(of("smooth: floor")).toBeCloseTo(100 * (3 / 4 * 1 / 3 * 0.1 / 2 * 0.1) ** 0.25, 10);
    expect(of("smooth: add")).toBeCloseTo(100 * (3 / 4 * 2 / 4 * 1 / 3 * 1 / 2) ** 0.25, 10);
    expect(value("bleu(lowercase: on)", "A B C D", "a b c d")).toBeCloseTo(100, 10);
    expect(value("bleu(tokenize: none)", "a, b c d", "a , b c d")).toBeLessThan(100);
    expect(value("bleu(tokenize: characters)", "ab cd", "a bcd")).toBeCloseTo(100, 10);
    // n-grams longer than the text do not count against a sentence.
    expect([value("bleu", "a b", "a b"), value("bleu(sentence)", "a b", "a b")]).toEqual([0, expect.closeTo(100, 10)]);
  });
});

describe("edits", () => {
  test("kitten to sitting takes three", () => {
    expect(value("edit_distance(normalize: off)", "kitten", "sitting")).toBe(3);
    expect(value("edit_distance", "kitten", "sitting", "kitchen")).toBeCloseTo(2 / 7, 14);
    expect(value("edit_distance", "", "")).toBe(0);
    // Code points, not UTF-16 units.
    expect(value("edit_distance(normalize: off)", "🙂", "🙃")).toBe(1);
  });

  test("token error rate is over all tokens, and may be above 1", () => {
    expect(score("token_error_rate", ["K AE T", "D AO G Z X"], [["K AE T"], ["D AA G"]])).toEqual({ value: 3 / 6, details: { edits: 3, tokens: 6 } });
    expect(value("token_error_rate", "a b c", "x")).toBe(3);
    expect(value("token_error_rate(characters)", "abc", "abd")).toBeCloseTo(1 / 3, 14);
    expect(score("token_error_rate", ["a"], [""])).toMatchObject({ value: null, note: "the references have no tokens" });
  });
});
