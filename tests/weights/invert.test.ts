// A config.json from the values of parameters: what is solved, evaluates to them again.

import { describe, expect, test } from "vitest";
import type { Expression } from "../../grammar/ast.ts";
import { parse } from "../../grammar/parse.ts";
import type { WeightsMap } from "../../compiler/weights/define.ts";
import { argumentsFrom } from "../../compiler/weights/instantiate.ts";
import { configOf } from "../../compiler/weights/invert.ts";
import { unmetRequirements } from "../../compiler/weights/settings.ts";

function map(config: Readonly<Record<string, string>>, requires: WeightsMap["requires"] = {}): WeightsMap {
  const expressions = Object.entries(config).map(([parameter, text]): [string, Expression] => {
    const [item] = parse(`let x = ${text}`, "main.pt").tree.items;
    if (item?.kind !== "let") throw new Error(text);
    return [parameter, item.value];
  });
  return { name: "huggingface", modelType: "x", architectures: {}, requires, config: Object.fromEntries(expressions), tensors: [] };
}

const word = (text: string): { word: string; arguments: object } => ({ word: text, arguments: {} });

describe("solved", () => {
  test.each<[string, Record<string, string>, Record<string, unknown>, object]>([
    ["keys, nested ones too", { a: '"n"', b: '"deep.er.m"', c: '"deep.on"' }, { a: 3, b: 0.5, c: true }, { n: 3, deep: { er: { m: 0.5 }, on: true } }],
    ["sums and differences of what another parameter says (roberta)", { context: '"max" - "pad_token_id" - 1', offset: '"pad_token_id" + 1', pad: '"pad_token_id"' }, { context: 30, offset: 2, pad: 1 }, { max: 32, pad_token_id: 1 }],
    ["products and quotients", { a: '2 * ("n" + 1)', b: '"m" / "n"', c: '12 / "q"', d: '-"r"' }, { a: 8, b: 4, c: 3, d: -5 }, { n: 3, m: 12, q: 4, r: 5 }],
    ["switches", { a: 'not "off"', b: '"on"' }, { a: false, b: false }, { off: true, on: false }],
    ["choices: the branch that gives the value (mixtral)", { a: 'when("on", "coefficient", 0)' }, { a: 0.01 }, { on: true, coefficient: 0.01 }],
    ["choices: the other branch", { a: 'when("on", "coefficient", 0)' }, { a: 0 }, { on: false }],
    ["choices by a value (clip)", { vocab: '"v"', end: 'when("eos" == 2, "v" - 1, "eos")' }, { vocab: 99, end: 7 }, { v: 99, eos: 7 }],
    ["off is null for an id", { a: '"pad_token_id"', b: '"use_bias"' }, { a: false, b: false }, { pad_token_id: null, use_bias: false }],
    ["activations under their usual names", { a: 'activation("x")', b: 'activation("y")', c: 'activation("z")', d: 'activation("t", gelu: gelu_tanh)' }, { a: word("gelu"), b: word("gelu_tanh"), c: word("squared_relu"), d: word("gelu_tanh") }, { x: "gelu", y: "gelu_new", z: "relu2", t: "gelu" }],
    ["parameters that the model no longer has are left out", { a: '"n"', gone: '"m"' }, { a: 1 }, { n: 1 }],
  ])("%s", (_, config, values, expected) => {
    const weights = map(config);
    const found = configOf(weights, values);
    expect(found).toEqual({ config: expected, unstated: [] });
    const back = argumentsFrom(weights, found.config).values;
    for (const [name, value] of Object.entries(values)) expect(back[name] ?? false, name).toEqual(typeof value === "object" ? { word: (value as { word: string }).word } : value);
  });

  test("requirements are met: those of the activation's name, and those that no parameter states", () => {
    const t5 = map({ a: 'activation("proj", gelu: gelu_tanh)' }, { proj: ["gated-gelu", "gated-silu"], scale: [false], tie: [true], rope_scaling: [false], "rope.type": ["default"] });
    const { config, unstated } = configOf(t5, { a: word("gelu_tanh") });
    expect(unstated).toEqual([]);
    expect(config).toEqual({ proj: "gated-gelu", scale: false, tie: true, rope_scaling: null, rope: { type: "default" } });
    expect(unmetRequirements(t5, config)).toEqual([]);
  });
});

test.each<[string, Record<string, string>, Record<string, unknown>, string[]]>([
  ["two parameters that want one key", { a: '"n"', b: '"n" + 1' }, { a: 1, b: 3 }, ["b"]],
  ["a constant that is another", { a: "12" }, { a: 11 }, ["a"]],
  ["an activation that a requirement refuses", { a: 'activation("proj")' }, { a: word("tanh") }, ["a"]],
  ["two unknowns", { a: '"n" * "n"' }, { a: 9 }, ["a"]],
  ["a mask", { a: '"n"' }, { a: { kind: "constant", value: true } }, ["a"]],
  ["an activation with arguments", { a: 'activation("x")' }, { a: { word: "gelu", arguments: { b: 1 } } }, ["a"]],
])("not solved: %s", (_, config, values, wrong) => {
  const found = configOf(map(config, { proj: ["relu"] }), values);
  expect(found.unstated.map(({ parameter }) => parameter)).toEqual(wrong);
});
