// Rows as examples and outputs as predictions, by hand.

import { describe, expect, test } from "vitest";
import { tasks } from "../../runtime/tasks/index.ts";
import type { TaskDefinition, TaskExample, TaskShape, TaskValues } from "../../runtime/tasks/define.ts";
import { truncated } from "../../runtime/tasks/_texts.ts";
import { tokenizers } from "../../runtime/tokenizers/index.ts";

const tokenizer = await tokenizers.bytes.make({ vocab: 260, special: ["<pad>", "<cls>", "<sep>", "<unk>"], sentinels: 0 }, (async function* () {})());
const [cls, sep] = ["cls", "sep"].map((name) => tokenizer.special(name)!);
const shapeOf = (room: number, classes: readonly string[] = [], args: TaskShape["arguments"] = {}): TaskShape => ({ tokenizer, frame: { before: [cls], between: [sep], after: [sep], close: [] }, room, targets: room, together: false, columns: {}, classes, image: false, arguments: args });
const ids = (text: string): number[] => Array.from(tokenizer.encode(text));
const made = (task: TaskDefinition, row: TaskValues, shape: TaskShape): readonly TaskExample[] => {
  const examples = task.examples(row, shape);
  if ("problem" in examples) throw new Error(examples.problem);
  return examples;
};

describe("classify", () => {
  test("frames a text, and a pair with segments", () => {
    const [one] = made(tasks.classify, { text: ["ab"], label: ["yes"] }, shapeOf(8, ["no", "yes"]));
    expect(one).toEqual({ inputs: [cls, ...ids("ab"), sep], segments: [0, 0, 0, 0], starts: [1], targets: { places: [0], values: [1] }, tokens: 2, cut: 0 });
    const [two] = made(tasks.classify, { text: ["ab", "c"], label: ["no"] }, shapeOf(8, ["no", "yes"]));
    expect(two.inputs).toEqual([cls, ...ids("ab"), sep, ...ids("c"), sep]);
    expect(two.segments).toEqual([0, 0, 0, 0, 1, 1]);
    expect(two.targets.values).toEqual([0]);
  });

  test("an empty text is its frame", () => {
    expect(made(tasks.classify, { text: [""], label: ["no"] }, shapeOf(8, ["no", "yes"]))[0].inputs).toEqual([cls, sep]);
  });

  test("cuts the longer text first, and counts what is cut", () => {
    expect(truncated([[1, 2, 3, 4, 5], [6, 7]], 4)).toEqual([[1, 2], [6, 7]]);
    expect(truncated([[1, 2, 3], [4, 5, 6]], 3)).toEqual([[1, 2], [4]]);
    expect(truncated([[1, 2], [3]], 3)).toEqual([[1, 2], [3]]);
    expect(made(tasks.classify, { text: ["abcdef", "gh"], label: ["no"] }, shapeOf(4, ["no", "yes"]))[0]).toMatchObject({ inputs: [cls, ...ids("ab"), sep, ...ids("gh"), sep], tokens: 8, cut: 4 });
  });

  test("predicts the best score", () => {
    const shape = shapeOf(8, ["no", "yes", "so"]);
    expect(tasks.classify.predict!([Float32Array.of(-1, 2, 1)], [], {}, shape)).toBe(1);
    expect(tasks.classify.reference({ label: ["so"] }, shape)).toBe(2);
  });
});

test("regress: a number, as it is", () => {
  expect(made(tasks.regress, { text: ["ab"], value: [2.5] }, shapeOf(8))[0].targets).toEqual({ places: [0], values: [2.5] });
  expect(tasks.regress.predict!([Float32Array.of(0.5)], [], {}, shapeOf(8))).toBe(0.5);
  expect(tasks.regress.reference({ value: [2.5] }, shapeOf(8))).toBe(2.5);
});

describe("tag", () => {
  const classes = ["D", "N"];
  const row = { words: [["the", "cat"]], tags: [["D", "N"]] };

  test("has a loss at the first piece of each word alone", () => {
    const [example] = made(tasks.tag, row, shapeOf(16, classes));
    expect(example.inputs).toEqual([cls, ...ids("the"), ...ids(" cat"), sep]);
    expect(example.targets).toEqual({ places: [1, 4], values: [0, 1] });
  });

  test("goes on in the next example where words do not fit, and tags all of them", () => {
    const examples = made(tasks.tag, row, shapeOf(4, classes));
    expect(examples.map(({ inputs, targets, cut }) => [inputs.slice(1, -1), targets, cut])).toEqual([[ids("the"), { places: [1], values: [0] }, 0], [ids(" cat"), { places: [1], values: [1] }, 0]]);
    // Scores of the classes at each of 5 places: at place 1 of the first N, of the second D.
    const output = (best: number): Float32Array => Float32Array.from({ length: 10 }, (_, i) => (i >> 1 === 1 && i % 2 === best ? 1 : 0));
    expect(tasks.tag.predict!([output(1), output(0)], examples, row, shapeOf(4, classes))).toEqual(["N", "D"]);
    expect(made(tasks.tag, row, shapeOf(2, classes)).map(({ cut, inputs }) => [cut, inputs.length])).toEqual([[1, 4], [2, 4]]);
  });

  test("refuses other numbers of tags than words", () => {
    expect(tasks.tag.examples({ words: [["a", "b"]], tags: [["D"]] }, shapeOf(8, classes))).toEqual({ problem: "2 words have 1 tags" });
  });
});

describe("answer", () => {
  const args = { stride: 0.5, longest: 30, best: 20, no_answer: false };
  const row = (context: string, answers: readonly { text: string; start: number | null }[]): TaskValues => ({ question: ["q"], context: [context], answers: [answers] });

  test("finds the stretch by its characters, whatever they are in bytes", () => {
    const values = row("é abc", [{ text: "abc", start: 2 }]);
    const [example] = made(tasks.answer, values, shapeOf(20, [], args));
    expect(example.inputs).toEqual([cls, ...ids("q"), sep, ...ids("é abc"), sep]);
    expect(example.targets.values.map((place) => example.inputs[place])).toEqual([ids("a")[0], ids("c")[0]]);
  });

  test("takes the first place where none is given, or a wrong one", () => {
    for (const start of [null, 4]) expect(made(tasks.answer, row("x ab ab", [{ text: "ab", start }]), shapeOf(20, [], args))[0].targets.values).toEqual([5, 6]);
    expect(made(tasks.answer, row("x ab ab", [{ text: "ab", start: 5 }]), shapeOf(20, [], args))[0].targets.values).toEqual([8, 9]);
  });

  test("reads a long text in windows that overlap; one without the answer points at the first position", () => {
    const examples = made(tasks.answer, row("abcdefgh", [{ text: "fg", start: 5 }]), shapeOf(5, [], args));
    expect(examples.map(({ inputs }) => inputs.slice(3, -1))).toEqual([ids("abcd"), ids("cdef"), ids("efgh")]);
    expect(examples.map(({ targets }) => targets.values)).toEqual([[0, 0], [0, 0], [4, 5]]);
  });

  test("a text that holds `<cls>` holds five characters", () => {
    expect(made(tasks.answer, row("<cls> a", [{ text: "a", start: 6 }]), shapeOf(20, [], args))[0].inputs.filter((id) => id === cls)).toHaveLength(1);
  });

  test("predicts the best stretch of all windows that is in the text, in order and short enough", () => {
    const values = row("abcdefgh", []);
    const shape = shapeOf(5, [], { ...args, no_answer: true });
    const examples = made(tasks.answer, values, shape);
    const output = (start: Readonly<Record<number, number>>, end: Readonly<Record<number, number>>): Float32Array => Float32Array.from({ length: 16 }, (_, i) => (i < 8 ? (start[i] ?? 0) : (end[i - 8] ?? 0)));
    // Place 1 is the question: never a part of an answer.
    const outputs = [output({ 1: 9 }, { 1: 9 }), output({ 3: 2 }, { 4: 3 }), output({ 3: 1 }, { 6: 3 })];
    expect(tasks.answer.predict!(outputs, examples, values, shape)).toBe("cd");
    expect(tasks.answer.predict!(outputs, examples, values, { ...shape, arguments: { ...shape.arguments, longest: 1 } })).toBe("d");
    const nothing = [0, 1, 2].map((i) => output({ 0: 4, 3: i }, { 0: 4, 3: i }));
    expect(tasks.answer.predict!(nothing, examples, values, shape)).toBe("");
    expect(tasks.answer.predict!(nothing, examples, values, { ...shape, arguments: args })).toBe("e");
  });

  test("refuses answers that are not in the text, and none where there must be one", () => {
    expect(tasks.answer.examples(row("abc", [{ text: "xyz", start: 0 }]), shapeOf(9, [], args))).toEqual({ problem: 'the answer "xyz" is not in its text' });
    expect(tasks.answer.examples(row("abc", []), shapeOf(9, [], args))).toEqual({ problem: "it has no answer, which `no_answer: on` would allow" });
    expect(tasks.answer.reference(row("abc", []), shapeOf(9, [], args))).toEqual([""]);
    expect(tasks.answer.reference(row("abc", [{ text: "a", start: 0 }, { text: "b", start: 1 }]), shapeOf(9, [], args))).toEqual(["a", "b"]);
  });
});
