// Expressions over config.json, and the accounting of its keys.

import { describe, expect, test } from "vitest";
import type { Expression } from "../../grammar/ast.ts";
import { parse } from "../../grammar/parse.ts";
import { evaluateConfig, keysOf } from "../../compiler/weights/config.ts";
import type { WeightsMap } from "../../compiler/weights/define.ts";
import type { Json, JsonObject } from "../../compiler/weights/json.ts";
import { modernized, unknownSettings, unmetRequirements } from "../../compiler/weights/settings.ts";

function expression(text: string): Expression {
  const [item] = parse(`let x = ${text}`, "main.pt").tree.items;
  if (item?.kind !== "let") throw new Error(text);
  return item.value;
}

const valueOf = (text: string, config: JsonObject): unknown => evaluateConfig(expression(text), config);
const value = (result: unknown): unknown => ({ value: result });

describe("expressions", () => {
  const config = { n: 12, on: true, off: false, none: null, act: "gated-gelu", nested: { deep: { n: 3 } }, "a.b": 5 };

  test.each([
    ['"n"', 12], ['"nested.deep.n"', 3], ['"on"', true], ['"none"', null], ['"absent"', null], ['"nested.absent.n"', null],
    ["7", 7], ["on", true], ['"n" - "nested.deep.n" - 1', 8], ['2 * ("n" + 1)', 26], ['"n" / 8', 1.5], ['"n" mod 5', 2], ['"n" ^ 2', 144], ['-"n"', -12],
    ['"n" - "none"', null], ['"n" > 10', true], ['"n" <= 10', false], ['"n" == 12', true], ['"n" != 12', false], ['not "on"', false],
    ['when("on", 1, 2)', 1], ['when("off", 1, 2)', 2], ['when("absent", 1, "n")', 12], ['when("n" == 12, "nested.deep.n" - 1, 0)', 2], ['when("none" > 1, 1, 2)', 2],
  ])("%s", (text, wanted) => expect(valueOf(text, config)).toEqual(value(wanted)));

  test.each([
    ["gelu_new", "gelu_tanh"], ["gelu_pytorch_tanh", "gelu_tanh"], ["gelu_python", "gelu"], ["swish", "silu"], ["relu2", "squared_relu"],
    ["gelu", "gelu"], ["relu", "relu"], ["silu", "silu"], ["quick_gelu", "quick_gelu"], ["tanh", "tanh"], ["gated-silu", "silu"], ["gated-relu", "relu"],
  ])("activation %s", (theirs, ours) => expect(valueOf('activation("act")', { act: theirs })).toEqual(value({ word: ours })));

  test("activations may be renamed by a spec, and null keeps the default", () => {
    expect(valueOf('activation("act", gelu: gelu_tanh)', config)).toEqual(value({ word: "gelu_tanh" }));
    expect(valueOf('activation("act", gelu: gelu_tanh)', { act: "gelu_new" })).toEqual(value({ word: "gelu_tanh" }));
    expect(valueOf('activation("none")', config)).toEqual(value(null));
  });

  test("what cannot be used is a problem of its key", () => {
    expect(valueOf('"act"', config)).toMatchObject({ problem: { key: "act", given: '`"gated-gelu"`', wanted: "a number, true or false" } });
    expect(valueOf('"on" + 1', config)).toMatchObject({ problem: { key: "on", wanted: "a number" } });
    expect(valueOf('activation("act")', { act: "mish" })).toMatchObject({ problem: { key: "act", words: expect.arrayContaining(["gelu_new", "silu"]) } });
    expect(valueOf('activation("act")', { act: "swiglu" })).toMatchObject({ problem: { key: "act" } });
    expect(valueOf('activation("n")', config)).toMatchObject({ problem: { key: "n" } });
    expect(valueOf('round("n")', config)).toMatchObject({ problem: { key: null } });
    expect(valueOf('"nested"', config)).toMatchObject({ problem: { key: "nested", given: "an object" } });
  });

  test("keys that an expression reads", () => {
    expect(keysOf(expression('when("a" == 2, "b.c" - 1, -("d"))'))).toEqual(["a", "b.c", "d"]);
  });
});

describe("settings", () => {
  const map: WeightsMap = {
    name: "huggingface", modelType: "toy", architectures: {}, tensors: [],
    requires: { "scale": [true], "rope_parameters.rope_type": ["default"], "rope_scaling": [false], "form": ["relu", "gelu"] },
    config: { layers: expression('"n_layer"'), theta: expression('"rope_parameters.rope_theta"') },
  };
  const unmet = (config: JsonObject): unknown => unmetRequirements(map, modernized(config)).map(({ key, given }) => [key, given]);
  const unknown = (config: JsonObject): unknown => unknownSettings(map, modernized(config)).map(({ key }) => key);

  test("a required key may be absent or null, never another value", () => {
    expect(unmet({})).toEqual([]);
    expect(unmet({ scale: null, form: "gelu", rope_scaling: null })).toEqual([]);
    expect(unmet({ scale: false, form: "tanh" })).toEqual([["scale", false], ["form", "tanh"]]);
    expect(unmet({ scale: 1 })).toEqual([["scale", 1]]);
  });

  test("older names of the rotary settings", () => {
    expect(modernized({ rope_theta: 500, rope_scaling: null }).rope_parameters).toEqual({ rope_theta: 500 });
    expect(unmet({ rope_theta: 500, rope_scaling: { type: "linear", factor: 2 } })).toEqual([["rope_parameters.rope_type", "linear"]]);
    expect(unmet({ rope_scaling: { rope_type: "llama3", factor: 8 } })).toEqual([["rope_parameters.rope_type", "llama3"]]);
    expect(unknown({ rope_theta: 500, rope_scaling: { type: "linear", factor: 2 } })).toEqual(["rope_parameters.factor"]);
  });

  test("the number of labels", () => {
    expect(modernized({}).num_labels).toBe(2);
    expect(modernized({ id2label: { 0: "a", 1: "b", 2: "c" } }).num_labels).toBe(3);
    expect(modernized({ id2label: { 0: "a" }, num_labels: 7 }).num_labels).toBe(7);
  });

  test("keys are read, required, harmless, neutral or refused", () => {
    expect(unknown({ n_layer: 2, scale: true, resid_pdrop: 0.1, eos_token_id: 3, torch_dtype: "float32", _name_or_path: "x", id2label: { 0: "a" }, is_decoder: false, pruned_heads: {}, whatever: null })).toEqual([]);
    const refused: Record<string, Json> = { is_decoder: true, use_alibi: true, pruned_heads: { 0: [1] }, partial_rotary_factor: 0.5, quantization_config: { bits: 4 }, n_layers: 2 };
    expect(unknown(refused)).toEqual(["is_decoder", "use_alibi", "pruned_heads.0", "partial_rotary_factor", "quantization_config.bits", "n_layers"]);
    expect(unknownSettings(map, { n_layers: 2 })).toMatchObject([{ suggestion: "n_layer" }]);
  });
});
