// What weights begin with, in a plan: the usual deviations, those a layer names, and smaller queries where scores are not divided.

import { describe, expect, test } from "vitest";
import { checkText, codes, planOf } from "../harness/compiling.ts";

const spec = (layers: string, embed = "tokens(vocab, 16)"): string => `data d { synthetic: uniform(vocab: 12, examples: 20) }
model m(vocab) { decoder { embed: ${embed} ${layers} layernorm } head lm { dense(vocab, bias: off) } }
pretrain run { model: m()  data: d  objective: causal_lm  length: 8  batch: 2 examples  train: 1 steps  optimizer: sgd(lr: 1) }`;

/** `normal 0.1581` by name; gains and shifts left out. */
function beginnings(text: string): { [name: string]: string } {
  const random = planOf(text).parameters.filter(({ initializer }) => initializer.word !== "ones" && initializer.word !== "zeros");
  return Object.fromEntries(random.map(({ name, initializer: { word, arguments: args } }) => [name.replace(/^decoder\./, "").replace(/^layers\.\d+\./, ""), [word, ...Object.values(args).map((value) => value.toFixed(4))].join(" ")]));
}

const usual = (from: number): string => `normal ${Math.sqrt(0.4 / from).toFixed(4)}`;

test("by default a deviation by what is read", () => {
  expect(beginnings(spec("residual { mlp(32, gelu) }"))).toEqual({ "embed.tokens.weight": usual(16), "mlp.up.weight": usual(16), "mlp.down.weight": usual(32), "lm.dense.weight": usual(16) });
});

test("a layer's own goes to its matrices, and to nothing that begins at a constant", () => {
  const own = beginnings(spec("residual { mlp(32, gelu, initializer: uniform(0.25)) }", "tokens(vocab, 16, initializer: normal(1)) + learned_positions(8, initializer: constant(0.5))"));
  expect(own).toEqual({ "embed.tokens.weight": "normal 1.0000", "embed.learned_positions.weight": "constant 0.5000", "mlp.up.weight": "uniform 0.2500", "mlp.down.weight": "uniform 0.2500", "lm.dense.weight": usual(16) });
  const biases = planOf(spec("residual { mlp(32, gelu, initializer: uniform(0.25)) }")).parameters.filter(({ name }) => name.endsWith("bias"));
  expect(biases.length).toBeGreaterThan(2);
  expect(biases.map(({ initializer }) => initializer.word)).toEqual(biases.map(() => "zeros"));
});

test.each([
  ["moe(4, 8, silu, top: 1, initializer: normal(0.01))", ["router.weight", "experts.0.gate.weight"]],
  ["residual { attention(2, mask: causal, initializer: normal(0.01)) }", ["query.weight", "output.weight"]],
])("%s", (layer, leaves) => {
  const all = beginnings(spec(layer));
  for (const leaf of leaves) expect(Object.entries(all).find(([name]) => name.endsWith(leaf))?.[1], `${leaf} of ${Object.keys(all).join(", ")}`).toBe("normal 0.0100");
});

describe("queries", () => {
  const query = (args: string): string => beginnings(spec(`residual { attention(2, mask: causal, ${args}) }`))["attention.query.weight"];

  test("begin as usual with divided scores, whatever the width of a head", () => {
    for (const head_width of [1, 3, 7, 8, 64, 80, 100]) expect(query(`head_width: ${head_width}`), `${head_width}`).toBe(usual(16));
    expect(planOf(spec("residual { attention(2, mask: causal, head_width: 80) }")).parameters.find(({ name }) => name.endsWith("query.weight"))?.initializer.arguments["deviation"]).toBe(Math.sqrt(2 / (5 * 16)));
  });

  test("begin smaller by what scores are not divided by, as T5's", () => {
    expect(query("scale: -1")).toBe(query("scale: 1"));
    expect(query("scale: 1")).toBe(`normal ${(Math.sqrt(0.4 / 16) / Math.sqrt(8)).toFixed(4)}`);
    expect(beginnings(spec("residual { attention(2, mask: causal, scale: 1) }"))["attention.key.weight"]).toBe(usual(16));
  });

  test("begin as usual where scores are divided by more, and as written where something is written", () => {
    expect(query("scale: 0.01")).toBe(usual(16));
    expect(query("scale: 0")).toBe(usual(16));
    expect(query("scale: 1, qk_norm: on")).toBe(usual(16));
    expect(query("scale: 1, initializer: normal(0.5)")).toBe("normal 0.5000");
  });
});

test("T5's table begins with deviation 1, and its queries small in all of its attention", () => {
  const { parameters } = planOf(`import { t5 } from "ptarmigan/t5.pt"
data d { files: "x.txt" }  tokenizer t { kind: bytes  special: [<pad>, <eos>]  sentinels: 10 }
pretrain run { model: t5(layers: 1, width: 32, heads: 2, head_width: 16, hidden: 64)  tokenizer: t  data: d  objective: span_corruption  length: 16  batch: 2 examples  train: 1 steps  optimizer: sgd(lr: 1) }`);
  const queries = parameters.filter(({ name }) => name.endsWith("query.weight"));
  expect(queries).toHaveLength(3);
  for (const { name, initializer } of queries) expect(initializer.arguments["deviation"], name).toBeCloseTo(Math.sqrt(0.4 / 32) / 4, 10);
  expect(parameters.find(({ shape }) => shape[0] > 256)!.initializer).toEqual({ word: "normal", arguments: { deviation: 1 } });
});

test("a wrong word, a wrong number and a layer without weights are refused in place", () => {
  const model = (layer: string): string[] => codes(checkText(`model m { decoder { embed: tokens(10, 8)\n${layer}\n} }`));
  expect(model("dense(8, initializer: norml(1))")).toEqual(["PT2002 2:23"]);
  expect(model("dense(8, initializer: normal(-1))")).toEqual(["PT3005 2:30"]);
  expect(model("dense(8, initializer: 0.02)")).toEqual(["PT3004 2:23"]);
  expect(model("dense(10, tied: on, initializer: zeros)")).toEqual(["PT3023 2:34"]);
  expect(model("dropout(10%, initializer: zeros)")).toEqual(["PT3007 2:14"]);
  expect(checkText("model m { decoder { embed: tokens(10, 8)\ndense(8, initializer: norml(1))\n} }").diagnostics[0].hint).toContain("normal");
});
