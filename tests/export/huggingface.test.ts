// pt export --to huggingface: what was imported comes back as it was; what was trained here reads back as what was trained.

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Example, DiagnosticRecord } from "../../grammar/diagnostics/define.ts";
import { exportExample } from "../../grammar/diagnostics/_export-example.ts";
import { noModelClass } from "../../grammar/diagnostics/PT7235-no-model-class.ts";
import { noWeightsMap } from "../../grammar/diagnostics/PT7230-no-weights-map.ts";
import { otherModel } from "../../grammar/diagnostics/PT7233-other-model.ts";
import { unnamedWeights } from "../../grammar/diagnostics/PT7232-unnamed-weights.ts";
import { unstatedSetting } from "../../grammar/diagnostics/PT7231-unstated-setting.ts";
import { argumentsFrom, instantiateMapped } from "../../compiler/weights/instantiate.ts";
import { configOf } from "../../compiler/weights/invert.ts";
import type { JsonObject } from "../../compiler/weights/json.ts";
import { modernized } from "../../compiler/weights/settings.ts";
import { openModel } from "../../runtime/apply/model.ts";
import { exported } from "../../runtime/huggingface/export.ts";
import { chooseSpec, knownModels } from "../../runtime/huggingface/specs.ts";
import { fromFloat32, readSafetensors, toFloat32, writeSafetensors, type SavedTensor } from "../../runtime/checkpoints/safetensors.ts";
import { folderWith, pt, read } from "../harness/cli.ts";
import { temporaryFolder } from "../files/temporary.ts";
import { configs, modelFolder } from "../huggingface/folder.ts";
import { goldens, modelCases } from "../parity/fixtures.ts";

const bytes = (folder: string): Buffer => readFileSync(join(folder, "model.safetensors"));
const config = (folder: string): { [key: string]: unknown } => JSON.parse(read(folder, "config.json"));

describe("an import, exported again, is byte for byte what it was", () => {
  const cases = modelCases();
  if (!cases.length) test.skip(`no model fixtures in ${goldens} (PT_GOLDENS)`, () => {});
  for (const name of cases) {
    test(name, async () => {
      const folder = join(goldens, "models", name);
      const cwd = temporaryFolder();
      const imported = await pt(["import", folder, "--out", "imported"], cwd);
      expect(imported, imported.stderr).toMatchObject({ code: 0 });
      expect((await pt(["export", "imported", "--to", "huggingface", "--out", "out"], cwd)).codes).toEqual([]);
      expect(bytes(join(cwd, "out")).equals(bytes(folder))).toBe(true);
      expect(config(join(cwd, "out"))).toEqual(config(folder));
    });
  }

  test.each<[string, (tensors: Map<string, SavedTensor>) => void]>([
    ["buffers beside the weights", (tensors) => tensors.set("transformer.h.0.attn.bias", { dtype: "U8", shape: [1, 1, 2, 2], data: Uint8Array.of(1, 0, 1, 1) })],
    ["a tied table stored beside", (tensors) => tensors.set("lm_head.weight", tensors.get("transformer.wte.weight")!)],
    ["axes of length 1", (tensors) => tensors.set("transformer.ln_f.bias", { ...tensors.get("transformer.ln_f.bias")!, shape: [1, ...tensors.get("transformer.ln_f.bias")!.shape, 1] })],
    ["another class's head", (tensors) => tensors.set("score.weight", { dtype: "F32", shape: [2, 8], data: new Float32Array(16).fill(0.5) })],
    ["the bare model's names", (tensors) => [...tensors].forEach(([name, tensor]) => (tensors.delete(name), tensors.set(name.replace("transformer.", ""), tensor)))],
    ["bfloat16", (tensors) => [...tensors].forEach(([name, { shape, data }]) => tensors.set(name, fromFloat32(data as Float32Array, shape, "BF16")))],
    ["float16", (tensors) => [...tensors].forEach(([name, { shape, data }]) => tensors.set(name, fromFloat32(data as Float32Array, shape, "F16")))],
  ])("%s", async (_, change) => {
    const { folder } = await modelFolder(configs.gpt2, change);
    for (const from of ["imported", "."]) {
      if (from === "imported") await pt(["import", ".", "--out", "imported"], folder);
      expect((await pt(["export", from, "--to", "huggingface", "--out", "out"], folder)).code).toBe(0);
      expect(bytes(join(folder, "out")).equals(bytes(folder)), from).toBe(true);
      expect(config(join(folder, "out"))).toEqual(config(folder));
    }
  });

  test("in shards it becomes one file of the same tensors", async () => {
    const { folder, tensors } = await modelFolder(configs.gpt2);
    const whole = bytes(folder);
    const [first, ...rest] = [...tensors];
    await writeSafetensors(join(folder, "a.safetensors"), new Map([first]), { format: "pt" });
    await writeSafetensors(join(folder, "b.safetensors"), new Map(rest), { format: "pt" });
    rmSync(join(folder, "model.safetensors"));
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: Object.fromEntries([...tensors.keys()].map((name) => [name, name === first[0] ? "a.safetensors" : "b.safetensors"])) }));
    await pt(["export", ".", "--to", "huggingface", "--out", "out"], folder);
    expect(bytes(join(folder, "out")).equals(whole)).toBe(true);
  });
});

describe("the settings of every family can be stated: solved from the parameters, they give the same parameters", () => {
  const cases = modelCases();
  if (!cases.length) test.skip(`no model fixtures in ${goldens} (PT_GOLDENS)`, () => {});
  const known = knownModels(undefined, goldens);
  for (const name of cases) {
    const given = modernized(JSON.parse(readFileSync(join(goldens, "models", name, "config.json"), "utf8")) as JsonObject);
    test(name, () => {
      const read = (value: JsonObject) => {
        const { model, className } = chooseSpec(known, { path: "config.json", text: "", value }, value);
        const { values, problems } = argumentsFrom(model.map, value);
        expect(problems).toEqual([]);
        const classes = given.num_labels as number;
        const made = instantiateMapped(model, { values, heads: model.map.architectures[className], headValues: { classes } });
        if ("diagnostics" in made) throw new Error(JSON.stringify(made.diagnostics));
        return { model: model.declared.name, map: model.map, parameters: made.architecture.parameters };
      };
      const before = read(given);
      const { config: stated, unstated } = configOf(before.map, before.parameters);
      expect(unstated).toEqual([]);
      const after = read({ ...stated, model_type: given.model_type, architectures: given.architectures });
      expect({ model: after.model, parameters: after.parameters }).toEqual({ model: before.model, parameters: before.parameters });
    });
  }
});

describe("a new file has the names and shapes of transformers' own", () => {
  for (const name of modelCases()) {
    test(name, async () => {
      const folder = join(goldens, "models", name);
      const model = await openModel(folder, { cwd: goldens });
      const { tensors, unmapped } = exported(model.architecture.maps.find((map) => map.name === "huggingface")!, model.weights);
      const shapes = (all: ReadonlyMap<string, SavedTensor>) => Object.fromEntries([...all].map(([title, { shape }]) => [title, shape]));
      const stored = new Map([...(await readSafetensors(join(folder, "model.safetensors")))].filter(([title]) => !model.imported!.kept.has(title) && !Object.hasOwn(model.imported!.note.file.copies, title)));
      expect(unmapped).toEqual([]);
      expect(shapes(tensors)).toEqual(shapes(stored));
    });
  }
});

test("halves come back as the bits that they were, and others are rounded to the nearest", () => {
  const every = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((word) => (word & 0x7c00) !== 0x7c00 || (word & 0x3ff) === 0);
  for (const dtype of ["F16", "BF16"] as const) {
    const words = dtype === "F16" ? every : Uint16Array.from({ length: 65536 }, (_, i) => i).filter((word) => (word & 0x7f80) !== 0x7f80 || (word & 0x7f) === 0);
    expect(fromFloat32(toFloat32({ dtype, shape: [words.length], data: words }), [words.length], dtype).data).toEqual(words);
  }
  const half = (value: number): number => (fromFloat32(Float32Array.of(value), [1], "F16").data as Uint16Array)[0];
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20, 65519, 65520, 2 ** -25, 2 ** -25 + 2 ** -40, -0].map(half)).toEqual([0x3c00, 0x3c02, 0x3c01, 0x7bff, 0x7c00, 0, 1, 0x8000]);
  const brain = (value: number): number => (fromFloat32(Float32Array.of(value), [1], "BF16").data as Uint16Array)[0];
  expect([1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.4e38, Number.NaN].map(brain)).toEqual([0x3f80, 0x3f82, 0x7f80, 0x7fc0]);
});

async function trained({ files }: Example): Promise<string> {
  const folder = folderWith(files);
  const ran = await pt(["train", "main.pt", "small", "--json", "--backend", "cpu"], folder);
  expect(ran.code, ran.stderr).toBe(0);
  return folder;
}

describe("a run", () => {
  test("reads back as what was trained: the same outputs, names and settings", async () => {
    const folder = await trained(exportExample({ call: "hidden: 24, activation: gelu, eps: 1e-6" }));
    const ran = await pt(["export", "main.pt", "small", "--to", "huggingface", "--out", "out", "--json"], folder);
    expect(JSON.parse(ran.stdout)).toMatchObject({ to: "huggingface", class: "GPT2LMHeadModel", out: "out" });
    expect(config(join(folder, "out"))).toMatchObject({ model_type: "gpt2", architectures: ["GPT2LMHeadModel"], n_layer: 2, n_embd: 8, n_head: 2, n_inner: 24, n_positions: 16, activation_function: "gelu", layer_norm_epsilon: 1e-6, tie_word_embeddings: true, pad_token_id: expect.any(Number), eos_token_id: expect.any(Number) });
    expect([...(await readSafetensors(join(folder, "out", "model.safetensors"))).keys()]).toContain("transformer.h.1.attn.c_attn.weight");
    expect(existsSync(join(folder, "out", "tokenizer.json"))).toBe(true);
    writeFileSync(join(folder, "inputs.json"), JSON.stringify({ input_ids: [[1, 2, 3, 4], [250, 9, 8, 7]] }));
    const [run] = readdirSync(join(folder, "runs")).filter((name) => !name.startsWith("."));
    for (const from of [join("runs", run), "out"]) await pt(["apply", from, "--inputs", "inputs.json", "--outputs", `${from === "out" ? "b" : "a"}.safetensors`, "--backend", "cpu"], folder);
    expect(readFileSync(join(folder, "b.safetensors")).equals(readFileSync(join(folder, "a.safetensors")))).toBe(true);
  });

  test("of a Llama: shared settings, nested keys, nulls", async () => {
    const text = exportExample().files["main.pt"].replace("gpt2.pt", "llama.pt").replaceAll("gpt2", "llama").replace("context: 16", "kv_heads: 1, hidden: 24, theta: 500");
    const folder = await trained({ files: { ...exportExample().files, "main.pt": text } });
    const ran = await pt(["export", "main.pt", "small", "--to", "huggingface", "--out", "out"], folder);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(config(join(folder, "out"))).toMatchObject({ model_type: "llama", num_key_value_heads: 1, head_dim: 4, hidden_act: "silu", attention_bias: false, tie_word_embeddings: false, pad_token_id: null, rope_parameters: { rope_theta: 500, rope_type: "default" } });
    expect((await pt(["import", "out", "--out", "again"], folder)).code).toBe(0);
  });

  test("of a model that is changed only where its results do not follow: no dropout, other scopes", async () => {
    const decoder = "decoder { embed: tokens(vocab, width) + learned_positions(context)  repeat layers { residual { sequence { layernorm(eps: eps) attention(heads, mask: causal) } } residual { layernorm(eps: eps) mlp(hidden, activation) } } layernorm(eps: eps) }";
    const folder = await trained(exportExample({ model: decoder }));
    expect(await pt(["export", "main.pt", "small", "--to", "huggingface"], folder)).toMatchObject({ code: 0, stderr: "" });
    const [out] = readdirSync(join(folder, "exports"));
    expect(out).toMatch(/^small-[0-9a-f]{8}-huggingface$/);
    expect(existsSync(join(folder, "exports", out, "config.json"))).toBe(true);
  });

  test("to tfjs, whatever its model is", async () => {
    const folder = await trained(noWeightsMap.fixed as Example);
    const ran = await pt(["export", "main.pt", "small", "--to", "tfjs", "--out", "out"], folder);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(existsSync(join(folder, "out", "tokenizer.json"))).toBe(true);
  });

  test("at a checkpoint that is not there", async () => {
    const folder = await trained(exportExample());
    expect((await pt(["export", "main.pt", "small", "--to", "tfjs", "--checkpoint", "7"], folder)).codes).toEqual(["PT8104"]);
    mkdirSync(join(folder, "empty"));
    expect((await pt(["export", "empty", "--to", "tfjs"], folder)).codes).toEqual(["PT7201"]);
  });

  const refusals = [noWeightsMap, unstatedSetting, unnamedWeights, otherModel, noModelClass] as unknown as readonly DiagnosticRecord<never>[];
  test.each(refusals.map((record) => [`${record.code} ${record.slug}`, record] as const))("is refused with %s, and the mended one is not", async (_, { code, failing, fixed }) => {
    const bad = await trained(failing as Example);
    const refused = await pt((failing as Example).command!, bad);
    expect(refused.codes, refused.stderr).toEqual([code]);
    expect(refused.code).toBe(1);
    expect(existsSync(join(bad, "exports"))).toBe(false);
    const good = await trained(fixed as Example);
    const passed = await pt((fixed as Example).command!, good);
    expect(passed.code, passed.stderr).toBe(0);
  });
});
