// Folders as they are found: in parts, in halves, of the bare model, with too much and too little, damaged.

import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeSafetensors, type SavedTensor } from "../../runtime/checkpoints/safetensors.ts";
import { readHuggingFace } from "../../runtime/huggingface/read.ts";
import { problems } from "../files/temporary.ts";
import { configs, modelFolder } from "./folder.ts";

const read = (folder: string) => readHuggingFace(folder, { cwd: folder });
const refusedBy = (folder: string): Promise<string[]> => problems(() => read(folder));
const codes = async (folder: string): Promise<string[]> => (await refusedBy(folder)).map((text) => text.slice(0, 6));

describe("what is read", () => {
  test("weights in several files", async () => {
    const { folder, weights, tensors } = await modelFolder(configs.llama);
    const names = [...tensors.keys()];
    const parts = [names.filter((_, i) => i % 2), names.filter((_, i) => i % 2 === 0)];
    const weight_map: Record<string, string> = {};
    for (const [i, part] of parts.entries()) {
      const file = `model-0000${i + 1}-of-00002.safetensors`;
      await writeSafetensors(join(folder, file), new Map(part.map((name) => [name, tensors.get(name)!])));
      for (const name of part) weight_map[name] = file;
    }
    rmSync(join(folder, "model.safetensors"));
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ metadata: {}, weight_map }));
    expect((await read(folder)).weights).toEqual(weights);
    // A part that is missing, and one that lacks a tensor.
    renameSync(join(folder, "model-00002-of-00002.safetensors"), join(folder, "gone"));
    expect(await codes(folder)).toEqual(["PT7201"]);
    copyFileSync(join(folder, "model-00001-of-00002.safetensors"), join(folder, "model-00002-of-00002.safetensors"));
    expect(await codes(folder)).toEqual(["PT7203"]);
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: { a: "../elsewhere.safetensors" } }));
    expect(await codes(folder)).toEqual(["PT7203"]);
  });

  test("bfloat16, half and double tensors", async () => {
    const { folder } = await modelFolder(configs.gpt2, (tensors) => {
      const set = (name: string, dtype: "BF16" | "F16" | "F64", data: SavedTensor["data"]) => tensors.set(name, { dtype, shape: [12], data });
      set("transformer.ln_f.weight", "BF16", new Uint16Array(12).fill(0x3fc0));
      set("transformer.ln_f.bias", "F16", new Uint16Array(12).fill(0xc100));
      set("transformer.h.0.ln_1.bias", "F64", new Float64Array(12).fill(0.1));
    });
    const { weights } = await read(folder);
    expect(weights.get("decoder.layernorm.weight")!.data[0]).toBe(1.5);
    expect(weights.get("decoder.layernorm.bias")!.data[0]).toBe(-2.5);
    expect(weights.get("decoder.layers.0.layernorm.bias")!.data[11]).toBe(Math.fround(0.1));
  });

  test("the bare model's file, with its stored masks", async () => {
    const { folder, weights } = await modelFolder(configs.gpt2, (tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        tensors.set(name.replace("transformer.", ""), tensor);
      }
      tensors.set("h.0.attn.bias", { dtype: "U8", shape: [1, 1, 2, 2], data: Uint8Array.of(1, 0, 1, 1) });
    });
    expect((await read(folder)).weights).toEqual(weights);
  });

  test("a tied output layer that is stored all the same; any other table is refused", async () => {
    const copy = (change: number) => (tensors: Map<string, SavedTensor>): void => {
      const table = tensors.get("transformer.wte.weight")!;
      const data = (table.data as Float32Array).slice();
      data[3] += change;
      tensors.set("lm_head.weight", { ...table, data });
    };
    const { folder, weights } = await modelFolder(configs.gpt2, copy(0));
    expect((await read(folder)).weights).toEqual(weights);
    expect(await codes((await modelFolder(configs.gpt2, copy(1))).folder)).toEqual(["PT7208"]);
  });

  test("heads that the class does not have are left out with a warning", async () => {
    const { folder } = await modelFolder(configs.gpt2, (tensors) => tensors.set("score.weight", { dtype: "F32", shape: [3, 12], data: new Float32Array(36) }));
    expect((await read(folder)).warnings.map(({ code, severity }) => [code, severity])).toEqual([["PT7212", "warning"]]);
  });

  test("axes of length 1 may differ", async () => {
    const { folder, weights } = await modelFolder(configs.gpt2, (tensors) => {
      const bias = tensors.get("transformer.ln_f.bias")!;
      tensors.set("transformer.ln_f.bias", { ...bias, shape: [1, 12, 1] });
    });
    expect((await read(folder)).weights).toEqual(weights);
  });
});

describe("what is refused", () => {
  test("folders and files that are not there, with the nearest name", async () => {
    const { folder } = await modelFolder(configs.gpt2);
    expect(await codes(join(folder, "nowhere"))).toEqual(["PT7201"]);
    renameSync(join(folder, "model.safetensors"), join(folder, "models.safetensors"));
    expect(await refusedBy(folder)).toEqual([expect.stringMatching(/^PT7201 .*did you mean `models.safetensors`/)]);
    mkdirSync(join(folder, "empty"));
    expect(await codes(join(folder, "empty"))).toEqual(["PT7201"]);
  });

  test.each(["pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "tf_model.h5", "flax_model.msgpack"])("weights as %s only", async (name) => {
    const { folder } = await modelFolder(configs.gpt2);
    renameSync(join(folder, "model.safetensors"), join(folder, name));
    expect(await refusedBy(folder)).toEqual([expect.stringContaining(`PT7202`)]);
  });

  test("half a download", async () => {
    const { folder } = await modelFolder(configs.gpt2);
    truncateSync(join(folder, "model.safetensors"), readFileSync(join(folder, "model.safetensors")).length - 5);
    expect(await codes(folder)).toEqual(["PT8102"]);
    writeFileSync(join(folder, "config.json"), "[1]");
    expect(await codes(folder)).toEqual(["PT7203"]);
    writeFileSync(join(folder, "config.json"), Buffer.of(0x7b, 0xff));
    expect(await codes(folder)).toEqual(["PT7003"]);
  });

  test("all unknown and misspelt tensors at once, each with the nearest", async () => {
    const { folder } = await modelFolder(configs.gpt2, (tensors) => {
      const norm = tensors.get("transformer.ln_f.weight")!;
      tensors.delete("transformer.ln_f.weight");
      tensors.set("transformer.ln_ff.weight", norm);
      tensors.set("transformer.h.2.ln_1.weight", norm);
    });
    expect(await refusedBy(folder)).toEqual([
      expect.stringMatching(/^PT7208 .*`transformer.h.2.ln_1.weight`/),
      expect.stringMatching(/^PT7208 .*`transformer.ln_ff.weight`.*did you mean `transformer.ln_f.weight`/),
      expect.stringMatching(/^PT7209 .*`transformer.ln_f.weight`.*did you mean `transformer.ln_ff.weight`/),
    ]);
  });

  test("settings, at their keys", async () => {
    const { folder } = await modelFolder(configs.gpt2);
    const change = (extra: object): void => writeFileSync(join(folder, "config.json"), JSON.stringify({ ...configs.gpt2, ...extra }, null, 1));
    const lines = async (): Promise<unknown> => {
      try {
        await read(folder);
      } catch (error) {
        return (error as { diagnostics: { code: string; start: { line: number } }[] }).diagnostics.map(({ code, start }) => [code, start.line]);
      }
      return [];
    };
    change({ attn_sink: 1, n_layers: 2 });
    expect(await lines()).toEqual([["PT7207", 15], ["PT7207", 16]]);
    change({ scale_attn_weights: false });
    expect(await lines()).toEqual([["PT7206", 15]]);
    change({ activation_function: "gelu_neww" });
    expect(await refusedBy(folder)).toEqual([expect.stringMatching(/^PT7206 .*did you mean `gelu_new`/)]);
    change({ n_embd: "12" });
    expect(await codes(folder)).toEqual(["PT7206"]);
    change({ model_type: "gpt-2" });
    expect(await refusedBy(folder)).toEqual([expect.stringMatching(/^PT7204 .*did you mean `gpt2`/)]);
    change({ model_type: undefined });
    expect(await codes(folder)).toEqual(["PT7204"]);
    change({ architectures: ["GPT2LMHeadModle"] });
    expect(await refusedBy(folder)).toEqual([expect.stringMatching(/^PT7205 .*did you mean `GPT2LMHeadModel`/)]);
    change({ n_head: 5 });
    expect(await codes(folder)).toEqual(["PT7213"]);
    change({ n_layer: -1 });
    expect(await codes(folder)).toEqual(["PT7213"]);
    change({ n_layer: 1.5 });
    expect(await codes(folder)).toEqual(["PT7213"]);
    change({ n_embd: 24, n_inner: 20 });
    expect(new Set(await codes(folder))).toEqual(new Set(["PT7210"]));
  });
});
