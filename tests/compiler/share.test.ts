// `share: encoder`: which weights of a decoder are the encoder's.

import { expect, test } from "vitest";
import { instancesOf, weightsOf } from "../../compiler/architecture.ts";
import { planParameters } from "../../compiler/graphs.ts";
import { architectureOf } from "../harness/model-values.ts";

const shared = (norm: "pre" | "post"): string => {
  const residual = (sublayer: string): string => (norm === "pre" ? `residual { rmsnorm ${sublayer} }` : `residual { ${sublayer} } rmsnorm`);
  return `model m {
  let words = tokens(11, 8)
  encoder {
    let bias = relative_bias(buckets: 4, distance: 8)
    embed: words
    repeat 2 { ${residual("attention(2, mask: full, positions: bias, bias: off)")} ${residual("mlp(16, relu, bias: off)")} }
    rmsnorm
  }
  decoder {
    share: encoder
    let bias = relative_bias(buckets: 4, distance: 8, bidirectional: off)
    embed: words
    repeat 2 { ${residual("attention(2, mask: causal, positions: bias, bias: off)")} ${residual("cross_attention(encoder, 2, bias: off)")} ${residual("mlp(16, relu, bias: off)")} }
    rmsnorm
  }
  head lm { tied }
}`;
};

const own = (text: string): string[] => {
  const architecture = architectureOf(text);
  return [...weightsOf(instancesOf(architecture, architecture.heads))].map(({ name }) => name).filter((name) => name.startsWith("decoder"));
};

test("sublayers of one kind, the norms inside them, final norms and schemes are shared; cross-attention is its own", () => {
  const block = (i: number): string[] => ["rmsnorm_2.weight", ...["query", "key", "value", "output"].map((part) => `cross_attention.${part}.weight`)].map((leaf) => `decoder.layers.${i}.${leaf}`);
  expect(own(shared("pre")).sort()).toEqual([...block(0), ...block(1)].sort());
});

test("norms outside of residuals have no partner", () => {
  const names = own(shared("post"));
  expect(names.filter((name) => /attention|mlp/.test(name)).every((name) => name.includes("cross_attention"))).toBe(true);
  expect(names.filter((name) => name.includes("rmsnorm")).length).toBe(6);
});

test("the plan says who shares what", () => {
  const architecture = architectureOf(shared("pre"));
  const parameters = planParameters(architecture, architecture.heads);
  expect(parameters.find(({ name }) => name === "encoder.layers.1.mlp.up.weight")?.shared_by).toEqual(["decoder.layers.1.mlp.up.weight"]);
  expect(parameters.find(({ name }) => name === "encoder.bias.weight")?.shared_by).toContain("decoder.bias.weight");
  expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
});

test("a decoder with fewer layers shares those that it has", () => {
  const text = shared("pre").replace("repeat 2 { residual { rmsnorm attention(2, mask: causal", "repeat 1 { residual { rmsnorm attention(2, mask: causal");
  expect(own(text).every((name) => name.startsWith("decoder.layers.0"))).toBe(true);
});

const lets = (encoder: string, decoder: string): Record<string, readonly string[]> => {
  const architecture = architectureOf(`model m {
  encoder { embed: tokens(11, 8) ${encoder} }
  decoder { share: encoder embed: tokens(11, 8) ${decoder} cross_attention(encoder, 2) }
  head lm { tied }
}`);
  return Object.fromEntries(planParameters(architecture, architecture.heads).flatMap(({ name, shared_by }) => (name.endsWith("up.weight") ? [[name, shared_by]] : [])));
};

test("`let`s are matched by their names, whatever their order", () => {
  expect(lets("let f = mlp(16, relu) let g = mlp(16, relu) f g mlp(16, relu)", "let g = mlp(16, relu) let f = mlp(16, relu) g mlp(16, relu) f")).toEqual({
    "encoder.f.up.weight": ["decoder.f.up.weight"],
    "encoder.g.up.weight": ["decoder.g.up.weight"],
    "encoder.mlp.up.weight": ["decoder.mlp.up.weight"],
  });
});

test("a `let` that is used often stays one set of weights", () => {
  expect(lets("repeat 3 { residual { mlp(16, relu) } }", "let f = mlp(16, relu) repeat 2 { residual { f } }")).toEqual({
    "encoder.layers.0.mlp.up.weight": ["decoder.f.up.weight"],
    "encoder.layers.1.mlp.up.weight": [],
    "encoder.layers.2.mlp.up.weight": [],
  });
});
