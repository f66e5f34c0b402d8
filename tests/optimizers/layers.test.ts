// Rates by layer: which layer a parameter is in, and its rate in the update graph.

import { describe, expect, it } from "vitest";
import { layerFactors } from "../../compiler/optimizers/_layers.ts";
import { buildUpdate } from "../../compiler/optimizers/_update.ts";
import { sgd } from "../../compiler/optimizers/sgd.ts";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { planOf } from "../harness/compiling.ts";
import { smallSpec } from "../harness/small-spec.ts";
import { run } from "../graph/values.ts";

const half = (...names: string[]) => Object.fromEntries(layerFactors(names, 0.5));

describe("layerFactors", () => {
  it("counts from the top: embeddings lowest, the final norm and heads at the whole rate", () => {
    expect(half("decoder.embed.tokens.weight", "decoder.layers.0.mlp.up.weight", "decoder.layers.1.mlp.up.weight", "decoder.layernorm.weight", "lm.dense.weight")).toEqual({
      "decoder.embed.tokens.weight": 0.25, "decoder.layers.0.mlp.up.weight": 0.5, "decoder.layers.1.mlp.up.weight": 1, "decoder.layernorm.weight": 1, "lm.dense.weight": 1,
    });
  });

  it("counts the layers of an encoder and of a decoder apart, and what they share below the deeper one", () => {
    expect(half("table.weight", "encoder.layers.0.a.weight", "encoder.layers.1.a.weight", "encoder.layers.2.a.weight", "decoder.embed.p.weight", "decoder.layers.0.a.weight", "decoder.rmsnorm.weight")).toEqual({
      "table.weight": 0.125, "encoder.layers.0.a.weight": 0.25, "encoder.layers.1.a.weight": 0.5, "encoder.layers.2.a.weight": 1,
      "decoder.embed.p.weight": 0.5, "decoder.layers.0.a.weight": 1, "decoder.rmsnorm.weight": 1,
    });
  });

  it("goes on counting in a stack's next repeat, and takes nested repeats as one layer", () => {
    expect(half("encoder.embed.t.weight", "encoder.layers.0.layers.0.a.weight", "encoder.layers.0.layers.1.a.weight", "encoder.layers_2.0.a.weight", "encoder.layers_2.1.a.weight")).toEqual({
      "encoder.embed.t.weight": 0.125, "encoder.layers.0.layers.0.a.weight": 0.25, "encoder.layers.0.layers.1.a.weight": 0.25, "encoder.layers_2.0.a.weight": 0.5, "encoder.layers_2.1.a.weight": 1,
    });
  });

  it("leaves a model without layers alone", () => expect(half("mlp.up.weight", "lm.dense.weight")).toEqual({ "mlp.up.weight": 1, "lm.dense.weight": 1 }));
});

it("scales each parameter's rate in the graph", () => {
  const b = createBuilder();
  const parameters = ["s.embed.t.weight", "s.layers.0.w", "s.layers.1.w", "head.w"].map((name) => ({ name, shape: [1], trainable: true, decay: false }));
  buildUpdate(b, parameters, sgd, { clip: false, decay: "matrices", layer_decay: 0.9, momentum: 0, dampening: 0, nesterov: false, weight_decay: 0 });
  const inputs = new Map(parameters.flatMap(({ name }) => [[name, Float64Array.of(1)], [`gradient:${name}`, Float64Array.of(1)]] as [string, Float64Array][]));
  const outputs = run(b.finish(), inputs.set("rate", Float64Array.of(0.1)).set("step", Float64Array.of(1)));
  expect(parameters.map(({ name }) => 1 - outputs[name][0])).toEqual([0.081, 0.09, 0.1, 0.1].map((x) => expect.closeTo(x, 14)));
});

it("is a field of every optimizer", () => {
  const plan = planOf(smallSpec.replace("adamw(lr: rate)", "lion(lr: rate, layer_decay: 0.5)"), { run: "small" });
  expect(plan.optimizer).toMatchObject({ word: "lion", arguments: { layer_decay: 0.5 } });
  const scales = plan.graphs.update.nodes.filter((node) => node.op === "scale").map((node) => node.attributes.factor);
  expect(scales).toEqual([0.25, 0.5]);
});
