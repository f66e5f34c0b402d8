// Costs by node and by scope, and the paths of scopes.

import { describe, expect, it } from "vitest";
import { costsOf } from "../../compiler/graph/costs.ts";
import { enclosingScopes, layerOf } from "../../compiler/graph/scopes.ts";
import { build } from "./values.ts";

describe("costsOf", () => {
  it("adds up nodes by path, a scope including what is below it", () => {
    const graph = build((b) => {
      const x = b.input("x", { shape: [4, 8], dtype: "float32" });
      const y = b.within("decoder.layers.0", () => b.within("up", () => b.square(x)));
      b.output("y", b.at("decoder.layers.0.up@again", () => b.square(y)));
      b.output("z", b.scale(y, { factor: 2 }));
    });
    const costs = costsOf(graph);
    expect(costs.nodes.map((cost) => cost.flops)).toEqual([32, 32, 32]);
    expect(costs.total).toEqual({ flops: 96, bytes: 3 * 2 * 4 * 32 });
    expect(costs.recomputed.flops).toBe(32);
    expect(Object.entries(costs.scopes).map(([path, cost]) => [path, cost.flops])).toEqual([["decoder", 64], ["decoder.layers", 64], ["decoder.layers.0", 64], ["decoder.layers.0.up", 64]]);
  });
});

describe("scopes", () => {
  it("splits paths", () => {
    expect(enclosingScopes("")).toEqual([]);
    expect(enclosingScopes("a.b.c@again")).toEqual(["a", "a.b", "a.b.c"]);
  });

  it.each([
    ["decoder.layers.3.mlp.up", "decoder.layers.3"],
    ["decoder.layers.3", "decoder.layers.3"],
    ["encoder.layers_2.11.attention@again", "encoder.layers_2.11"],
    ["layers.0", "layers.0"],
    ["decoder.embed", null],
    ["decoder.players.3", null],
    ["", null],
  ])("layer of `%s`", (scope, layer) => expect(layerOf(scope)).toBe(layer));
});
