// The update graph: its names, what is shared, and clipping.

import { describe, expect, it } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { buildUpdate, stateOf } from "../../compiler/optimizers/_update.ts";
import { adamw } from "../../compiler/optimizers/adamw.ts";
import { sgd } from "../../compiler/optimizers/sgd.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { expectClose } from "../graph/values.ts";
import { golden, goldensMissing, reason, train, updateGraph } from "./golden.ts";

const plain = { clip: false, decay: "matrices", momentum: 0, dampening: 0, nesterov: false, weight_decay: 0 };
const adam = { clip: 1, decay: "matrices", betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.01 };

describe("buildUpdate", () => {
  it("names inputs and outputs, and leaves out what is not trained", () => {
    const b = createBuilder();
    const parameters = [
      { name: "a.weight", shape: [2, 3], trainable: true, decay: true },
      { name: "frozen", shape: [3], trainable: false, decay: false },
    ];
    buildUpdate(b, parameters, adamw, adam);
    const graph = b.finish();
    expect(Object.keys(graph.inputs)).toEqual(["a.weight", "gradient:a.weight", "state:a.weight.mean", "state:a.weight.square", "rate", "step"]);
    expect(Object.keys(graph.outputs)).toEqual(["a.weight", "state:a.weight.mean", "state:a.weight.square", "gradient_norm"]);
    expect(new Set(graph.nodes.map((node) => node.scope))).toEqual(new Set(["update.gradient_norm", "update.clip", "update.a.weight"]));
    expect(stateOf(adamw, adam, parameters[0])).toEqual([
      { name: "state:a.weight.mean", key: "mean", shape: [2, 3], value: 0 },
      { name: "state:a.weight.square", key: "square", shape: [2, 3], value: 0 },
    ]);
  });

  it("computes what all parameters share once", () => {
    const shapes = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`w${i}`, [2, 2]]));
    const graph = updateGraph(adamw, adam, shapes);
    expect(graph.nodes.filter((node) => node.op === "clip_factor")).toHaveLength(1);
    expect(graph.nodes.filter((node) => node.op === "multiply")).toEqual([]);
    expect(optimize(graph)).toEqual(graph);
  });

  it("has a norm without parameters", () => expect(Object.keys(updateGraph(adamw, adam, {}).outputs)).toEqual(["gradient_norm"]));
});

describe.skipIf(goldensMissing)(`clipping against torch${reason}`, () => {
  it("clip_grad_norm.json", () => {
    for (const { max_norm, gradients, total_norm, clipped } of golden("clip_grad_norm").cases) {
      // From zeros and with rate 1, plain descent arrives at minus the clipped gradient.
      const start = JSON.parse(JSON.stringify(gradients), (_, value) => (typeof value === "number" ? 0 : value));
      for (const clip of [max_norm, false] as const) {
        const { trajectory, norms } = train(sgd, { ...plain, clip }, start, [gradients], 1);
        expectClose(norms, [total_norm], 1e-12);
        for (const [name, value] of Object.entries(clip === false ? gradients : clipped)) {
          expectClose(trajectory[0][name].map((x) => -x), ([value] as unknown[]).flat(Number.POSITIVE_INFINITY) as number[], 1e-12, name);
        }
      }
    }
  });
});
