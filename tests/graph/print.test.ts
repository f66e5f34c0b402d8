// printGraph: the text of small graphs.

import { describe, expect, it } from "vitest";
import { printAttribute, printGraph } from "../../compiler/graph/print.ts";
import { build } from "./values.ts";

describe("printGraph", () => {
  it("writes one line a node", () => {
    const graph = build((b) => {
      const x = b.input("x", { shape: [2, 3], dtype: "float32" });
      const weight = b.input("decoder.layers.0.mlp.up.weight", { shape: [4, 3], dtype: "float32" });
      const up = b.within("decoder.layers.0.mlp", () => b.linear(x, weight, null));
      b.output("y", b.scale(up, { factor: 0.5 }));
    });
    expect(printGraph(graph)).toBe(
      [
        "input x : f32[2,3]",
        "input decoder.layers.0.mlp.up.weight : f32[4,3]",
        "%0 = linear(x, decoder.layers.0.mlp.up.weight, -) : f32[2,4]  // decoder.layers.0.mlp",
        "%1 = scale(%0) {factor: 0.5} : f32[2,4]",
        "output y = %1 : f32[2,4]",
        "",
      ].join("\n"),
    );
  });

  it("does not depend on the ids of values", () => {
    const first = build((b) => b.output("y", b.square(b.input("x", { shape: [], dtype: "float32" }))));
    const moved = { ...first, values: [...first.values, first.values[1]], nodes: [{ ...first.nodes[0], outputs: [2] }], outputs: { y: 2 } };
    expect(printGraph(moved)).toBe(printGraph(first));
  });

  it("shortens long lists and sorts keys", () => {
    expect(printAttribute({ b: [1, 2], a: { z: null, y: "q" } })).toBe(`{a: {y: "q", z: null}, b: [1, 2]}`);
    expect(printAttribute(Array.from({ length: 100 }, (_, i) => i))).toBe("[0, 1, 2, … 96 more …, 99]");
  });
});
