// Every line of the shipped maps, in both directions.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { weightShapes } from "../../compiler/apply.ts";
import { accountForExport, accountForImport } from "../../compiler/weights/account.ts";
import { argumentsFrom } from "../../compiler/weights/instantiate.ts";
import type { Json, JsonObject } from "../../compiler/weights/json.ts";
import { fillPattern, matchPattern } from "../../compiler/weights/pattern.ts";
import { modernized, unknownSettings, unmetRequirements } from "../../compiler/weights/settings.ts";
import { safetensorsBytes } from "../../runtime/checkpoints/safetensors.ts";
import { exported } from "../../runtime/huggingface/export.ts";
import { readHuggingFace } from "../../runtime/huggingface/read.ts";
import { goldens, modelCases } from "../parity/fixtures.ts";
import { build, configs, models, modelFolder, randomWeights } from "./folder.ts";

const mapOf = (name: string) => models.find(({ declared }) => declared.name === name)!.map;

describe.each(Object.keys(configs))("%s", (name) => {
  const map = mapOf(name);
  const classes = Object.keys(map.architectures);

  test("every config line gives its parameter", () => {
    const { values, problems } = argumentsFrom(map, modernized(configs[name]));
    expect(problems).toEqual([]);
    const given = Object.entries(values).filter(([, value]) => value !== null).map(([parameter]) => parameter);
    expect(given).toEqual(Object.keys(map.config));
    const { parameters } = build(configs[name]).architecture;
    for (const [parameter, value] of Object.entries(values)) expect(parameters[parameter], parameter).toEqual(typeof value === "object" ? { word: value!.word, arguments: {} } : value);
    expect(unknownSettings(map, modernized(configs[name]))).toEqual([]);
  });

  test("every requirement refuses another value", () => {
    for (const [key, wanted] of Object.entries(map.requires)) {
      const config = (value: Json): JsonObject => key.split(".").reverse().reduce<Json>((inner, part) => ({ [part]: inner }), value) as JsonObject;
      for (const value of wanted) expect(unmetRequirements(map, config(value)), key).toEqual([]);
      expect(unmetRequirements(map, config(null)), key).toEqual([]);
      expect(unmetRequirements(map, config("something else")), key).toHaveLength(1);
    }
  });

  test("every tensor line is used, on the way in and out", () => {
    const used = { import: new Set<string>(), export: new Set<string>() };
    const lineOf = (theirs: string): string => map.tensors.find((line) => matchPattern(line.theirs, theirs))!.theirs;
    for (const architecture of classes) {
      const made = build({ ...configs[name], architectures: [architecture] });
      const built = new Set(weightShapes(made.architecture, made.heads).keys());
      const out = accountForExport(map, built);
      expect(out.unmapped).toEqual([]);
      const off = map.tensors.filter(({ ours }) => ours.kind === "off").map(({ theirs }) => fillPattern(theirs, { i: "0" })!);
      const back = accountForImport(map, [...off, ...out.assignments.map(({ theirs }) => theirs)], { built, known: built });
      expect(back).toMatchObject({ unmapped: [], unused: [], missing: [] });
      expect(back.assignments.filter(({ ours }) => ours.kind !== "off")).toEqual(out.assignments);
      out.assignments.forEach(({ theirs }) => used.export.add(lineOf(theirs)));
      back.assignments.forEach(({ theirs }) => used.import.add(lineOf(theirs)));
    }
    expect(used.import).toEqual(new Set(map.tensors.map(({ theirs }) => theirs)));
    expect(used.export).toEqual(new Set(map.tensors.filter(({ ours }) => ours.kind !== "off").map(({ theirs }) => theirs)));
  });

  test.each(classes)("%s: weights come back from a file of theirs", async (architecture) => {
    const { folder, weights } = await modelFolder({ ...configs[name], architectures: [architecture] });
    const read = await readHuggingFace(folder, { cwd: folder });
    expect(read.warnings).toEqual([]);
    expect([...read.weights.keys()]).toEqual([...weights.keys()]);
    for (const [key, tensor] of weights) expect(read.weights.get(key), key).toEqual(tensor);
  });

  test("the spec that comes out describes the same model", () => {
    const made = build(configs[name]);
    expect(randomWeights(made)).toEqual(randomWeights(build(configs[name])));
    expect(made.text).toContain(`model ${name}(`);
  });
});

describe("the fixtures' files", () => {
  const known = modelCases().filter((name) => {
    const { model_type } = JSON.parse(readFileSync(`${goldens}/models/${name}/config.json`, "utf8")) as { model_type: string };
    return ["gpt2", "openai-gpt", "llama"].includes(model_type);
  });
  if (!known.length) test.skip(`none in ${goldens} (PT_GOLDENS)`, () => {});

  test.each(known)("%s comes back byte for byte", async (name) => {
    const folder = `${goldens}/models/${name}`;
    const model = await readHuggingFace(folder, { cwd: folder });
    const map = model.architecture.maps.find((one) => one.name === "huggingface")!;
    const { tensors, unmapped } = exported(map, model.weights);
    expect(unmapped).toEqual([]);
    const file = readFileSync(`${folder}/model.safetensors`);
    const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString()) as { __metadata__?: Record<string, string> };
    expect(Buffer.concat([...safetensorsBytes(tensors, header.__metadata__)]).equals(file)).toBe(true);
  });
});
