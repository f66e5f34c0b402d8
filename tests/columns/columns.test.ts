// Values of files as values of columns, by hand.

import { describe, expect, test } from "vitest";
import type { PlanColumn } from "../../compiler/plan/schema.ts";
import { columns } from "../../runtime/columns/index.ts";

const read = (word: keyof typeof columns, value: unknown, labels: PlanColumn["labels"] = null): unknown => {
  const result = columns[word].read(value, { type: word, column: "x", labels });
  return "problem" in result ? `! ${result.problem}` : result.value;
};

const image = { height: 1, width: 1, channels: 1, data: Uint8Array.of(3) };
const cases: readonly [keyof typeof columns, unknown, unknown][] = [
  ["string", " a ", " a "], ["string", "", ""], ["string", 3, "! `3` is no text"], ["string", ["a"], '! `["a"]` is no text'],
  ["number", "1.5e3", 1500], ["number", 2, 2], ["number", "", "! `` is no number"], ["number", "1,5", "! `1,5` is no number"], ["number", "Infinity", "! `Infinity` is no number"], ["number", true, "! `true` is no number"],
  ["class", " ham ", "ham"], ["class", 0, "0"], ["class", false, "false"], ["class", "", "! `` is no label"], ["class", null, "! `null` is no label"],
  ["tokens", "3 1  4", [3, 1, 4]], ["tokens", [3, 1], [3, 1]], ["tokens", "3 x", "! `3 x` is no list of token ids"], ["tokens", [-1], "! `[-1]` is no list of token ids"], ["tokens", 5, "! `5` is no list of token ids"],
  ["words", "the  cat", ["the", "cat"]], ["words", ["the", "cat sat"], ["the", "cat sat"]], ["words", [1], "! `[1]` is no list of words"],
  ["tags", "D  N", ["D", "N"]], ["tags", ["D", 1], ["D", "1"]], ["tags", [null], "! `[null]` is no list of tags"],
  ["answers", { text: ["a", "b"], answer_start: [3, 5] }, [{ text: "a", start: 3 }, { text: "b", start: 5 }]], ["answers", { text: [], answer_start: [] }, []], ["answers", "a", [{ text: "a", start: null }]], ["answers", "", []],
  ["answers", ["a", { text: "b", answer_start: 2 }], [{ text: "a", start: null }, { text: "b", start: 2 }]], ["answers", { text: "a" }, '! `{"text":"a"}` holds no answers'], ["answers", 3, "! `3` holds no answers"],
  ["image", image, image], ["image", " a/x.png", { bytes: null, path: "a/x.png" }], ["image", "", "! `` is no path"], ["image", 3, "! `3` is no image"],
  ["image", Uint8Array.of(1), { bytes: Uint8Array.of(1), path: null }], ["image", { bytes: Uint8Array.of(1), path: "x" }, { bytes: Uint8Array.of(1), path: null }], ["image", { bytes: null, path: "x" }, { bytes: null, path: "x" }], ["image", { bytes: null, path: null }, '! `{"bytes":null,"path":null}` is no image'],
];

describe("columns", () => {
  for (const [word, value, wanted] of cases) test(`${word}: ${JSON.stringify(value)}`, () => expect(read(word, value)).toEqual(wanted));

  test("class: only the labels that are named", () => {
    expect(read("class", "ham", ["ham", "spam"])).toBe("ham");
    expect(read("tags", "D X", ["D", "N"])).toBe("! `X` is not among the labels `D`, `N`");
    expect(read("class", "eggs", ["ham", "spam"])).toBe("! `eggs` is not among the labels `ham`, `spam`");
  });

  test("what can be pretrained on has a text", () => {
    for (const column of Object.values(columns)) expect(column.asText !== undefined, column.word).toBe(column.text);
  });

  test("long values are cut in messages", () => expect((read("number", "x".repeat(100)) as string).length).toBeLessThan(70));
});
