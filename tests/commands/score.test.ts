// pt score: every form of file, what it prints, and every mistake in words.

import { describe, expect, test } from "vitest";
import { folderWith, pt } from "../harness/cli.ts";

type Files = Readonly<Record<string, string>>;

/** The first two files are predictions and references. */
async function score(metric: string, files: Files, ...flags: string[]) {
  const [predictions, references] = Object.keys(files);
  return pt(["score", metric, "--predictions", predictions, "--references", references, ...flags], folderWith(files));
}

async function json(metric: string, files: Files) {
  const ran = await score(metric, files, "--json");
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
  return JSON.parse(ran.stdout);
}

describe("files", () => {
  test("JSON arrays, of labels, of texts with one or several references, of lists", async () => {
    expect(await json("accuracy", { "p.json": '["a", "b"]', "r.json": '["a", "c"]' })).toEqual({ accuracy: 0.5, better: "higher", items: 2 });
    expect(await json("exact_match", { "p.json": '["Yes.", "no"]', "r.json": '["yes", ["nope", "No"]]' })).toMatchObject({ exact_match: 1 });
    expect(await json("tagging_accuracy", { p: ' [["O", "B-X"]]\n', r: '[["O", "O"]]' })).toMatchObject({ tagging_accuracy: 0.5 });
    expect(await json("perplexity", { "p.json": "[[0, null, 0]]", "r.json": '["é"]' })).toMatchObject({ perplexity: 1, details: { count: 2, bytes: 2 } });
  });

  test("JSON lines, and plain lines", async () => {
    expect(await json("exact_match", { "p.jsonl": '"yes"\n"no"\n', "r.jsonl": '["yes", "yeah"]\n\n"nope"\n' })).toMatchObject({ exact_match: 0.5 });
    // A single list on a line is an item there, not the array of all items.
    expect(await json("tagging_f1", { "p.jsonl": '["B-X"]\n', "r.jsonl": '["B-X"]\n' })).toMatchObject({ tagging_f1: 1 });
    expect(await json("exact_match", { "p.txt": "\ufeffone\r\n\r\n[three]\r\n", "r.txt": "one\n\nthree\n" })).toMatchObject({ exact_match: 1, items: 3 });
    expect(await json("f1", { p: "1\n0\n1", r: "1\n1\n1" })).toMatchObject({ f1: 0.8 });
    expect(await json("accuracy", { p: "spam\nham\n", r: "spam\nspam\n" })).toMatchObject({ accuracy: 0.5 });
    expect(await json("pearson", { p: "1\n2.5e0\n", r: "3\n4\n" })).toMatchObject({ pearson: expect.closeTo(1, 12) });
    expect(await json("tagging_f1", { p: "B-X I-X O\n", r: "B-X I-X O\n" })).toMatchObject({ tagging_f1: 1 });
    expect(await json("top_k_recall(k: 2)", { p: "0.3 0.1 0.2\n", r: "2\n" })).toMatchObject({ top_k_recall: 1 });
    expect(await json("loss", { p: "1 null 3\n", r: "text\n" })).toMatchObject({ loss: 2 });
  });
});

describe("what it prints", () => {
  test("the number and its parts", async () => {
    const ran = await score("rouge(type: 1)", { "p.txt": "a b c\n", "r.txt": "a b\n" });
    expect(ran).toMatchObject({ code: 0, stderr: "", stdout: "rouge(type: 1)  0.8\nprecision 0.666667, recall 1, f1 0.8\n" });
  });

  test("why there is no value: null, and a note", async () => {
    const files = { p: "1\n1\n", r: "1\n2\n" };
    expect(await json("spearman", files)).toEqual({ spearman: null, note: "the predictions are all the same number", better: "higher", items: 2 });
    expect((await score("spearman", files)).stdout).toBe("spearman  no value\nnote: the predictions are all the same number\n");
    expect(await json("perplexity", { "p.json": "[[1e300]]", "r.json": '["x"]' })).toMatchObject({ perplexity: null, note: "the value is larger than a number holds" });
  });
});

describe("mistakes", () => {
  const two = { "p.json": "[0, 1]", "r.json": "[0, 1]" };
  const mistake = async (metric: string, files: Files, code: string, says: RegExp, exit = 1) => {
    const ran = await score(metric, files);
    expect(ran.stdout).toBe("");
    expect(ran.codes).toEqual([code]);
    expect(ran.code).toBe(exit);
    expect(ran.stderr).toMatch(says);
  };

  test("in the metric", async () => {
    await mistake("acuracy", two, "PT2002", /did you mean `accuracy`/);
    await mistake("adamw", two, "PT2015", /`adamw`/);
    await mistake("f1(avrage: macro)", two, "PT3007", /did you mean `average`/);
    await mistake("f1(average: mean)", two, "PT3016", /binary/);
    await mistake("top_k_recall(k: 0)", two, "PT3005", /at least 1/);
    await mistake("rouge(type: 1.5)", two, "PT3012", /whole/);
    expect((await score("f1(", two)).code).toBe(1);
    expect(JSON.parse((await score("acuracy", two, "--json")).stdout).diagnostics).toMatchObject([{ code: "PT2002", file: "METRIC" }]);
  });

  test("in the command line", async () => {
    const ran = await pt(["score", "f1", "--predictions", "p.json"], folderWith(two));
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringMatching(/--references FILE/) });
  });

  test("in the files", async () => {
    expect((await pt(["score", "f1", "--predictions", "p.json", "--references", "q.json"], folderWith(two))).codes).toEqual(["PT7020"]);
    expect((await pt(["score", "f1", "--predictions", "p.json", "--references", "."], folderWith(two))).codes).toEqual(["PT7021"]);
    await mistake("f1", { "p.json": "[0, 1", "r.json": "[0]" }, "PT7401", /no JSON/);
    await mistake("f1", { "p.json": '{"a": 1}', "r.json": "[0]" }, "PT7401", /is an object, and a JSON array is wanted/);
    await mistake("f1", { "p.jsonl": "1\nx\n", "r.jsonl": "1\n0\n" }, "PT7401", /item 2 of `p.jsonl`/);
    await mistake("exact_match", { "p.txt": "data:;base64,/w==", "r.txt": "x" }, "PT7003", /UTF-8/);
  });

  test("in the items", async () => {
    await mistake("f1", { "p.json": "[0, 0.5]", "r.json": "[0, 1]" }, "PT7401", /item 2 of `p.json` is `0.5`, and a label \(a text or a whole number\) is wanted/);
    await mistake("f1", { "p.json": '["0", "1"]', "r.json": "[0, 1]" }, "PT7401", /`p.json` is a list of texts.*whole numbers/);
    await mistake("pearson", { "p.json": "[1, null]", "r.json": "[0, 1]" }, "PT7401", /`null`/);
    await mistake("pearson", { "p.json": "[1e999, 1]", "r.json": "[0, 1]" }, "PT7401", /item 1/);
    await mistake("bleu", { "p.json": '["a"]', "r.json": "[[]]" }, "PT7401", /an empty list/);
    await mistake("bleu", { "p.json": '["a", 3]', "r.json": '["a", "b"]' }, "PT7401", /item 2 of `p.json` is `3`, and a text is wanted/);
    await mistake("top_k_recall", { "p.json": "[[1, 2]]", "r.json": "[2]" }, "PT7401", /a place below 2/);
    await mistake("f1", { "p.json": "[0, 1, 1]", "r.json": "[0, 1]" }, "PT7402", /3 items are predicted, and 2 in the references/);
    await mistake("tagging_f1", { "p.json": '[["O"], ["O"]]', "r.json": '[["O"], ["O", "O"]]' }, "PT7402", /item 2: 1 tags/);
    await mistake("f1", { "p.json": "[]", "r.json": "[]" }, "PT7403", /has no items/);
    await mistake("f1", { "p.txt": "", "r.txt": "" }, "PT7403", /has no items/);
    await mistake("f1", { "p.json": "[0, 1, 2]", "r.json": "[0, 1, 2]" }, "PT7404", /3 labels/);
    await mistake("tagging_f1(scheme: iob2)", { "p.json": '[["E-X"]]', "r.json": '[["O"]]' }, "PT7404", /"E-X"/);
  });
});

test("a pretrain measures losses alone", async () => {
  const { smallSpec } = await import("../harness/small-spec.ts");
  const spec = (metrics: string) => smallSpec.replace("optimizer: adamw(lr: rate)", `optimizer: adamw(lr: rate)\n  evaluate { data: novels.valid  metrics: ${metrics} }`);
  const ran = await pt(["check", "main.pt"], folderWith({ "main.pt": spec("[loss, rouge(type: 1)]") }));
  expect(ran.codes).toEqual(["PT5030"]);
  expect(ran.stdout + ran.stderr).toMatch(/`rouge` is computed from texts.*pt score rouge/s);
  expect((await pt(["check", "main.pt"], folderWith({ "main.pt": spec("[loss, perplexity, bits_per_byte, byte_perplexity]") }))).codes).toEqual([]);
});
