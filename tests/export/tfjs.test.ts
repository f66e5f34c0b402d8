// pt export --to tfjs: the folder, run by TensorFlow.js's own converter, gives what the session and the fixtures say.

import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { loadTensorflow } from "../../runtime/backends/_tensorflow.ts";
import { readSafetensors } from "../../runtime/checkpoints/safetensors.ts";
import { traceGraph } from "../../runtime/export/tfjs/model.ts";
import type { UserError } from "../../runtime/files/user-error.ts";
import { programFolder } from "../../runtime/host.ts";
import { folderWith, pt, read } from "../harness/cli.ts";
import { configs, modelFolder } from "../huggingface/folder.ts";
import { temporaryFolder } from "../files/temporary.ts";
import { distance, goldens, modelCases, readFixture } from "../parity/fixtures.ts";
import { exportedCase, type Values } from "./cases.ts";
import { modelJson, runFolder } from "./graph-model.ts";

const report: string[] = [];

describe("model fixtures", async () => {
  const all = modelCases();
  if (!all.length) test.skip(`no model fixtures in ${goldens} (PT_GOLDENS)`, () => {});
  for (const name of all) {
    test(name, async () => {
      const fixture = await readFixture(name);
      const { folder, given, session } = await exportedCase(fixture.folder, join(fixture.folder, "inputs.json"), fixture.inputs, temporaryFolder());
      const found = await runFolder(folder, given);
      expect([...found.keys()].sort()).toEqual([...session.keys()].sort());
      for (const [output, { shape, values }] of found) {
        expect(shape).toEqual(session.get(output)!.shape);
        const ours = distance(values, session.get(output)!.values);
        expect(ours.difference / ours.norm, `${output} against the session`).toBeLessThan(2e-6);
        const theirs = fixture.outputs.get(output);
        if (theirs) expect(distance(values, theirs).largest, `${output} against transformers`).toBeLessThan(fixture.expected.tolerance.outputs_abs);
        report.push(`${name} ${output}: ${(ours.difference / ours.norm).toExponential(1)} of the session${theirs ? `, ${distance(values, theirs).largest.toExponential(1)} at most from transformers` : ""}`);
      }
    });
  }
  afterAll(() => console.log(report.join("\n")));
});

const ids = (rows: number, length: number, vocab: number): Values => ({ shape: [rows, length], values: Int32Array.from({ length: rows * length }, (_, i) => (i * 7 + 3) % vocab) });
const ones = (rows: number, length: number): Values => ({ shape: [rows, length], values: new Int32Array(rows * length).fill(1) });

describe("the graph", () => {
  test("takes any batch and length, and gives the same as for that size alone", async () => {
    const { folder } = await modelFolder(configs.llama);
    await pt(["export", ".", "--to", "tfjs", "--out", "any"], folder);
    await pt(["export", ".", "--to", "tfjs", "--out", "fixed", "--batch", "4", "--length", "7"], folder);
    const given = { input_ids: ids(4, 7, 17), attention_mask: ones(4, 7) };
    const any = (await runFolder(join(folder, "any"), given)).get("logits")!;
    const fixed = (await runFolder(join(folder, "fixed"), given)).get("logits")!;
    expect(any.shape).toEqual([4, 7, 17]);
    expect([...any.values]).toEqual([...fixed.values]);
    expect(modelJson(join(folder, "any")).signature.inputs.input_ids).toMatchObject({ tensorShape: { dim: [{ size: "-1" }, { size: "-1" }] } });
    expect(modelJson(join(folder, "fixed")).signature.inputs.input_ids).toMatchObject({ tensorShape: { dim: [{ size: "4" }, { size: "7" }] } });
    await expect(runFolder(join(folder, "fixed"), { input_ids: ids(1, 7, 17), attention_mask: ones(1, 7) })).rejects.toThrow(/shape/);
    expect((await runFolder(join(folder, "any"), { input_ids: ids(1, 1, 17), attention_mask: ones(1, 1) })).get("logits")!.shape).toEqual([1, 1, 17]);
  });

  test("holds each weight once, computes the mask once, and nothing that no output needs", async () => {
    const { folder, weights } = await modelFolder(configs.gpt2);
    await pt(["export", ".", "--to", "tfjs", "--out", "out"], folder);
    const { modelTopology: { node }, weightsManifest: [{ weights: listed }] } = modelJson(join(folder, "out"));
    for (const name of weights.keys()) expect(listed.filter((one) => one.name === name).length, name).toBe(1);
    expect(new Set(node.map(({ name }) => name)).size).toBe(node.length);
    expect(node.filter(({ op }) => op === "LessEqual").length).toBe(1);
    const used = new Set(node.flatMap((one) => ("input" in one ? (one.input as string[]).map((input) => input.split(":")[0]) : [])));
    expect(node.filter(({ name, op }) => !used.has(name) && op !== "Identity" && op !== "Placeholder").map(({ name }) => name)).toEqual([]);
  });

  test.each([
    ["causal & window(3)", "a band"],
    ["causal & ((query - key) mod 2 == 0 | key < 2)", "strides and a global part"],
    ["causal & (key >= length / 2 | query < 4)", "one that follows the length"],
  ])("follows the length under %s: %s", async (mask) => {
    const text = readFileSync(join(programFolder(), "specs", "gpt2.pt"), "utf8").replace("mask: causal", `mask: ${mask}`);
    const { folder } = await modelFolder(configs.gpt2);
    writeFileSync(join(folder, "masked.pt"), text);
    const inputs = { input_ids: [[3, 1, 4, 1, 5, 9, 2, 6], [5, 3, 5, 8, 9, 7, 0, 0]], attention_mask: [[1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0, 0]] };
    writeFileSync(join(folder, "inputs.json"), JSON.stringify(inputs));
    const { folder: out, given, session } = await exportedCase(".", "inputs.json", inputs, folder, ["--spec", "masked.pt"]);
    const { shape, values } = (await runFolder(out, given)).get("logits")!;
    expect(shape).toEqual([2, 8, 17]);
    const { difference, norm } = distance(values, session.get("logits")!.values);
    expect(difference / norm).toBeLessThan(2e-6);
    await pt(["apply", ".", "--inputs", "inputs.json", "--outputs", "causal.safetensors", "--backend", "cpu"], folder);
    const causal = (await readSafetensors(join(folder, "causal.safetensors"))).get("logits")!.data as Float32Array;
    expect(distance(values, causal).difference / norm).toBeGreaterThan(1e-3);
  });

  test("an op that TensorFlow.js has no form for without its values is refused by name", async () => {
    const b = createBuilder();
    const x = b.input("x", { shape: [2, 3], dtype: "float32" });
    const random = b.input("random", { shape: [4], dtype: "int32" });
    b.output("y", b.at("encoder.layers.0.dropout", () => b.dropout(x, random, { rate: 0.5, site: 1 })));
    const { tf } = await loadTensorflow();
    const before = tf.getBackend();
    try {
      traceGraph(tf, b.finish(), new Set(), (field) => ({ field, prefix: "", batch: 2, length: 3, padding: null }), "folder");
      expect.unreachable();
    } catch (error) {
      expect((error as UserError).diagnostics).toMatchObject([{ code: "PT7234", message: expect.stringContaining("`dropout` in `encoder.layers.0.dropout`") }]);
    }
    expect(tf.getBackend()).toBe(before);
  });
});

describe("the folder", () => {
  test("weights come in shards of the size that was asked for", async () => {
    const { folder } = await modelFolder(configs.gpt2);
    const ran = await pt(["export", ".", "--to", "tfjs", "--out", "out", "--shard", "0.004", "--json"], folder);
    const { shards, bytes, task, inputs, outputs } = JSON.parse(ran.stdout);
    expect({ task, inputs, outputs }).toEqual({ task: "causal_lm", inputs: [{ name: "input_ids", dtype: "int32", shape: [null, null] }, { name: "attention_mask", dtype: "int32", shape: [null, null] }], outputs: [{ name: "logits", dtype: "float32", shape: [null, null, 17] }] });
    const { paths } = modelJson(join(folder, "out")).weightsManifest[0];
    expect(paths).toEqual(Array.from({ length: shards }, (_, i) => `group1-shard${i + 1}of${shards}.bin`));
    const sizes = paths.map((path) => statSync(join(folder, "out", path)).size);
    expect(sizes.slice(0, -1).every((size) => size === Math.ceil(0.004 * 1024 * 1024))).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(bytes);
    expect(shards).toBeGreaterThan(2);
    await pt(["export", ".", "--to", "tfjs", "--out", "whole"], folder);
    const given = { input_ids: ids(2, 3, 17), attention_mask: ones(2, 3) };
    expect(await runFolder(join(folder, "out"), given)).toEqual(await runFolder(join(folder, "whole"), given));
  });

  test("says what goes in and out; an earlier export is replaced, anything else is not", async () => {
    const { folder } = await modelFolder(configs.gpt2);
    await pt(["export", ".", "--to", "tfjs", "--out", "out", "--shard", "0.004"], folder);
    await pt(["export", ".", "--to", "tfjs", "--out", "out"], folder);
    expect(readdirSync(join(folder, "out")).sort()).toEqual(["README.md", "group1-shard1of1.bin", "model.json"]);
    expect(read(folder, "out/README.md")).toContain("| `input_ids` | int32 | [?, ?] |");
    expect(read(folder, "out/README.md")).toContain('model.execute({ input_ids, attention_mask }, "logits")');
    writeFileSync(join(folder, "out", "mine.txt"), "");
    expect((await pt(["export", ".", "--to", "tfjs", "--out", "out"], folder)).codes).toEqual(["PT7216"]);
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "other", "model.json"), "{}");
    expect((await pt(["export", ".", "--to", "tfjs", "--out", "other"], folder)).codes).toEqual(["PT7216"]);
    expect(read(folder, "other/model.json")).toBe("{}");
    expect(existsSync(join(folder, "exports"))).toBe(false);
  });

  test("no more positions than the model has", async () => {
    const { folder } = await modelFolder(configs.gpt2);
    expect((await pt(["export", ".", "--to", "tfjs", "--length", "11"], folder)).codes).toEqual(["PT8012"]);
    expect((await pt(["export", ".", "--to", "tfjs", "--length", "10"], folder)).code).toBe(0);
  });

  test("wrong usage", async () => {
    const folder = folderWith({});
    expect(await pt(["export", "."], folder)).toMatchObject({ code: 2 });
    expect((await pt(["export", ".", "--to", "onnx"], folder)).codes).toEqual(["PT8012"]);
    expect((await pt(["export", ".", "--to", "tfjs", "--batch", "0"], folder)).codes).toEqual(["PT8012"]);
    expect((await pt(["export", "nowhere", "--to", "tfjs"], folder)).codes).toEqual(["PT7201"]);
  });
});
