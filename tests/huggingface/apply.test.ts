// pt import and pt apply, end to end on tiny folders.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../compiler/weights/json.ts";
import { readSafetensors, writeSafetensors } from "../../runtime/checkpoints/safetensors.ts";
import { byteTokenizerJson, dataExample, type DataExample } from "../../grammar/diagnostics/_data-example.ts";
import { folderWith, pt, read } from "../harness/cli.ts";
import { configs, modelFolder } from "./folder.ts";

const ids = [[3, 1, 4, 1, 5], [9, 2, 6, 0, 0], [5, 3, 5, 8, 9]];
const inputs: JsonObject = { input_ids: ids, attention_mask: [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], labels: [[-100, 1, 4, 1, 5], [-100, 2, 6, -100, -100], [-100, 3, 5, 8, 9]] };

async function folder(config: JsonObject = configs.gpt2, given: Json = inputs): Promise<string> {
  const { folder } = await modelFolder(config);
  writeFileSync(join(folder, "inputs.json"), JSON.stringify(given));
  return folder;
}

const apply = (at: string, ...more: string[]) => pt(["apply", ".", "--inputs", "inputs.json", "--outputs", "out.safetensors", ...more], at);

describe("apply", () => {
  test("outputs, loss and gradients, named and laid out as the folder's file", async () => {
    const at = await folder();
    const ran = await apply(at, "--gradients", "gradients.safetensors", "--json", "--backend", "cpu");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual({ loss: expect.any(Number), outputs: [{ name: "logits", shape: [3, 5, 17] }] });
    const shapes = async (file: string) => Object.fromEntries([...(await readSafetensors(join(at, file)))].map(([name, { shape }]) => [name, shape]));
    expect(await shapes("gradients.safetensors")).toEqual(await shapes("model.safetensors"));
    expect(await shapes("out.safetensors")).toEqual({ logits: [3, 5, 17] });
  });

  test("gradients are the slope of the loss, in their names and layouts", async () => {
    const at = await folder(configs.llama);
    await apply(at, "--gradients", "gradients.safetensors", "--backend", "cpu");
    const gradients = await readSafetensors(join(at, "gradients.safetensors"));
    const weights = await readSafetensors(join(at, "model.safetensors"));
    const loss = async (name: string, i: number, by: number): Promise<number> => {
      const tensor = weights.get(name)!;
      const data = (tensor.data as Float32Array).slice();
      data[i] += by;
      await writeSafetensors(join(at, "model.safetensors"), new Map(weights).set(name, { ...tensor, data }));
      return (JSON.parse((await apply(at, "--json", "--backend", "cpu")).stdout) as { loss: number }).loss;
    };
    for (const [name, i] of [["model.layers.1.self_attn.k_proj.weight", 31], ["model.layers.0.mlp.gate_proj.bias", 5], ["lm_head.weight", 40]] as const) {
      const slope = (await loss(name, i, 0.01)) - (await loss(name, i, -0.01));
      expect(slope / 0.02).toBeCloseTo((gradients.get(name)!.data as Float32Array)[i], 3);
    }
  });

  test("without labels there is no loss; a mask and padding change only what they must", async () => {
    const at = await folder(configs.gpt2, { input_ids: ids });
    const ran = await apply(at, "--json");
    expect(JSON.parse(ran.stdout)).toMatchObject({ loss: null });
    const logits = async () => (await readSafetensors(join(at, "out.safetensors"))).get("logits")!.data as Float32Array;
    const whole = await logits();
    writeFileSync(join(at, "inputs.json"), JSON.stringify({ input_ids: ids, attention_mask: [[0, 0, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 1]] }));
    await apply(at);
    const masked = await logits();
    expect(masked.every(Number.isFinite)).toBe(true);
    const row = (data: Float32Array, b: number, t: number) => Array.from(data.subarray((b * 5 + t) * 17, (b * 5 + t + 1) * 17));
    expect(row(masked, 2, 4)).toEqual(row(whole, 2, 4));
    expect(row(masked, 1, 2)).toEqual(row(whole, 1, 2));
    expect(row(masked, 0, 4)).not.toEqual(row(whole, 0, 4));
  });

  test("a classifier reads the last token that is not padding, by its id", async () => {
    const classifier = { ...configs.gpt2, architectures: ["GPT2ForSequenceClassification"], id2label: { 0: "a", 1: "b", 2: "c" }, pad_token_id: 0 };
    const at = await folder(classifier, { input_ids: ids, labels: [2, 0, 1] });
    expect(JSON.parse((await apply(at, "--json", "--task", "classify")).stdout)).toEqual({ loss: expect.any(Number), outputs: [{ name: "logits", shape: [3, 3] }] });
    const short = await folder(classifier, { input_ids: [[9, 2, 6]] });
    await apply(short);
    const logits = async (from: string) => (await readSafetensors(join(from, "out.safetensors"))).get("logits")!.data as Float32Array;
    const [padded, plain] = [(await logits(at)).subarray(3, 6), await logits(short)];
    for (let i = 0; i < 3; i++) expect(padded[i]).toBeCloseTo(plain[i], 5);
  });

  test("one label is a regression", async () => {
    const at = await folder({ ...configs.gpt2, architectures: ["GPT2ForSequenceClassification"], id2label: { 0: "score" }, pad_token_id: 0 }, { input_ids: ids, labels: [0.5, -1, 2.25] });
    const { loss } = JSON.parse((await apply(at, "--json")).stdout) as { loss: number };
    const logits = (await readSafetensors(join(at, "out.safetensors"))).get("logits")!.data as Float32Array;
    expect(loss).toBeCloseTo([0.5, -1, 2.25].reduce((sum, label, i) => sum + (logits[i] - label) ** 2, 0) / 3, 5);
  });

  test.each<[string, Json, RegExp]>([
    ["no JSON", "{", /not JSON/],
    ["no object", [1], /not a JSON object/],
    ["no ids", {}, /`input_ids` is missing/],
    ["one row without its list", { input_ids: [1, 2] }, /no list of rows/],
    ["an empty row", { input_ids: [[]] }, /empty row/],
    ["rows of different lengths", { input_ids: [[1, 2], [3]] }, /`input_ids` at \[1\] has 1 columns, not 2/],
    ["an id beyond the table", { input_ids: [[1, 17]] }, /`17`, not a whole number from 0 to 16/],
    ["an id that is no integer", { input_ids: [[1, 1.5]] }, /`1.5`, not a whole number/],
    ["more positions than the model has", { input_ids: [Array(11).fill(1)] }, /rows of 11 tokens; the model has positions for 10/],
    ["a mask of another shape", { input_ids: [[1, 2]], attention_mask: [[1, 1, 1]] }, /`attention_mask` at \[0\] has 3 columns, not 2/],
    ["a mask that is neither", { input_ids: [[1, 2]], attention_mask: [[1, 2]] }, /`2`, not a whole number from 0 to 1/],
    ["a label beyond the vocabulary", { input_ids: [[1, 2]], labels: [[1, 17]] }, /`17`, not a whole number from 0 to 16 or -100/],
    ["an input that the model lacks", { input_ids: [[1, 2]], atention_mask: [[1, 1]] }, /did you mean `attention_mask`/],
    ["an input of other models", { input_ids: [[1, 2]], token_type_ids: [[0, 0]] }, /`token_type_ids` is not an input of gpt2/],
  ])("inputs: %s", async (_, given, message) => {
    const at = await folder(configs.gpt2, typeof given === "string" ? {} : given);
    if (typeof given === "string") writeFileSync(join(at, "inputs.json"), given);
    const ran = await apply(at);
    expect(ran).toMatchObject({ code: 1, codes: ["PT7214"] });
    expect(ran.stderr).toMatch(message);
  });

  test("files and flags that are missing", async () => {
    const at = await folder();
    expect(await pt(["apply", ".", "--inputs", "inputs.json"], at)).toMatchObject({ code: 2 });
    expect(await pt(["apply", ".", "--inputs", "none.json", "--outputs", "o"], at)).toMatchObject({ code: 1, codes: ["PT7020"] });
    expect(await pt(["apply", "none", "--inputs", "inputs.json", "--outputs", "o"], at)).toMatchObject({ code: 1, codes: ["PT7201"] });
    expect(await apply(at, "--task", "classifi")).toMatchObject({ code: 1, codes: ["PT7215"], stderr: expect.stringContaining("did you mean `classify`") });
    expect(await apply(at, "--backend", "abacus")).toMatchObject({ code: 3, codes: ["PT8001"] });
  });
});

describe("apply on a run", () => {
  const json = byteTokenizerJson(["<pad>"]);
  test.each<[string, DataExample]>([
    ["with a trained tokenizer", {}],
    ["with a tokenizer from a file", { tokenizer: 'file: "words/bytes.json"  special: [<pad>]', beside: { "data.txt": "Call me Ishmael.\nSome years ago.\nNever mind how long.\n", "words/bytes.json": json } }],
  ])("%s: the last checkpoint, under our names", async (_, example) => {
    const at = folderWith({ ...dataExample(example).files, "inputs.json": JSON.stringify({ input_ids: ids, labels: inputs.labels }) });
    expect(await pt(["train", "main.pt", "--out", "runs"], at)).toMatchObject({ code: 0 });
    const [run] = readdirSync(join(at, "runs")).filter((name) => !name.startsWith("."));
    // Where the run was moved to, its data and the first tokenizer file are not.
    renameSync(join(at, "runs", run), join(at, "moved"));
    rmSync(join(at, "data.txt"));
    rmSync(join(at, "words"), { recursive: true, force: true });
    const ran = await pt(["apply", "moved", "--inputs", "inputs.json", "--outputs", "out.safetensors", "--gradients", "g.safetensors", "--json"], at);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({ loss: expect.any(Number), outputs: [{ name: "logits", shape: [3, 5, 257] }] });
    const [step] = readdirSync(join(at, "moved/checkpoints"));
    const shapes = async (file: string) => Object.fromEntries([...(await readSafetensors(join(at, file)))].map(([name, { shape }]) => [name, shape]));
    expect(await shapes("g.safetensors")).toEqual(await shapes(`moved/checkpoints/${step}/weights.safetensors`));
  });
});

describe("import", () => {
  test.each(Object.keys(configs))("%s: a folder of ours that computes the same", async (name) => {
    const at = await folder(configs[name]);
    writeFileSync(join(at, "tokenizer.json"), "{}");
    await apply(at, "--gradients", "g.safetensors");
    const ran = await pt(["import", ".", "--out", "ours", "--json"], at);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({ out: "ours", model: name, parameters: expect.any(Number) });
    expect(read(at, "ours/tokenizer.json")).toBe("{}");
    expect(await pt(["check", "ours/spec.pt"], at)).toMatchObject({ code: 0, codes: [] });
    expect(await pt(["apply", "ours", "--inputs", "inputs.json", "--outputs", "o2.safetensors", "--gradients", "g2.safetensors"], at)).toMatchObject({ code: 0 });
    expect(readFileSync(join(at, "o2.safetensors")).equals(readFileSync(join(at, "out.safetensors")))).toBe(true);
    const gradients = await readSafetensors(join(at, "g2.safetensors"));
    expect([...gradients.keys()]).toContain("decoder.layers.1.attention.query.weight");
    // A second import replaces the first.
    expect(await pt(["import", ".", "--out", "ours"], at)).toMatchObject({ code: 0 });
  });

  test("nothing else is overwritten, and nothing is written before all is read", async () => {
    const at = await folder();
    mkdirSync(join(at, "notes"));
    writeFileSync(join(at, "notes/spec.pt"), "mine");
    expect(await pt(["import", ".", "--out", "notes"], at)).toMatchObject({ code: 1, codes: ["PT7216"] });
    expect(read(at, "notes/spec.pt")).toBe("mine");
    writeFileSync(join(at, "config.json"), JSON.stringify({ ...configs.gpt2, n_layer: 3 }));
    expect(await pt(["import", ".", "--out", "new"], at)).toMatchObject({ code: 1 });
    expect(() => read(at, "new/spec.pt")).toThrow();
  });

  test("a family of one's own, from a spec beside", async () => {
    const at = await folder();
    const spec = readFileSync(new URL("../../specs/gpt2.pt", import.meta.url), "utf8").replace('model_type: "gpt2"', 'model_type: "mine"');
    writeFileSync(join(at, "mine.pt"), spec.replace("model gpt2(", "model my_own("));
    writeFileSync(join(at, "config.json"), JSON.stringify({ ...configs.gpt2, model_type: "mine" }));
    expect(await pt(["import", ".", "--out", "ours"], at)).toMatchObject({ code: 1, codes: ["PT7204"] });
    const ran = await pt(["import", ".", "--out", "ours", "--spec", "mine.pt"], at);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("my_own") });
  });
});
