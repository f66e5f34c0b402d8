// verify: each kind of broken graph, by hand.

import { describe, expect, it } from "vitest";
import type { Graph } from "../../compiler/graph/node.ts";
import { assertValid, verify } from "../../compiler/graph/verify.ts";
import { build } from "./values.ts";

const good = build((b) => {
  const x = b.input("x", { shape: [2, 3], dtype: "float32" });
  b.input("unused", { shape: [], dtype: "int32" });
  b.output("y", b.within("layer", () => b.add(b.square(x), x)));
});

const withNode = (index: number, change: object): Graph => ({ ...good, nodes: good.nodes.map((node, i) => (i === index ? { ...node, ...change } : node)) });

describe("verify", () => {
  it("accepts what the builder makes, with unused inputs", () => expect(verify(good)).toEqual([]));

  it.each<[string, Graph, string]>([
    ["an unknown op", withNode(0, { op: "sqare" }), "node 0 (sqare, layer): no such op"],
    ["a value used before it is defined", { ...good, nodes: [...good.nodes].reverse() }, "node 0 (add, layer): input %2 is used before it is defined"],
    ["a missing input", withNode(1, { inputs: [2, null] }), "node 1 (add, layer): input `y` is missing"],
    ["too few inputs", withNode(1, { inputs: [2] }), "node 1 (add, layer): has 1 inputs, the op takes 2"],
    ["an id out of range", withNode(1, { inputs: [2, 17] }), "node 1 (add, layer): input %17 is not a value of the graph"],
    ["a value defined twice", withNode(1, { outputs: [2] }), "node 1 (add, layer): %2 is defined twice"],
    ["an input that a node also makes", withNode(0, { outputs: [0] }), "node 0 (square, layer): %0 is defined twice"],
    ["too many outputs", withNode(0, { outputs: [2, 3] }), "node 0 (square, layer): has 2 outputs, the op gives 1"],
    ["a wrong shape", { ...good, values: good.values.map((info, i) => (i === 3 ? { ...info, shape: [3, 2] } : info)) }, "node 1 (add, layer): output %3 is f32[3,2], the op gives f32[2,3]"],
    ["inputs the op refuses", { ...good, values: good.values.map((info, i) => (i === 2 ? { ...info, shape: [3] } : info)) }, "node 1 (add, layer): the op refuses its inputs: add: [2,3] does not end [3]"],
    ["not a shape", { ...good, values: [{ shape: [-1], dtype: "float32" }] }, `%0: not a shape and type: {"shape":[-1],"dtype":"float32"}`],
    ["an output that is not there", { ...good, outputs: { y: 9 } }, "output `y`: %9 is never defined"],
    ["a value that nothing makes", { ...good, values: [...good.values, { shape: [], dtype: "float32" }] }, "%4 is never defined"],
  ])("finds %s", (_, graph, problem) => expect(verify(graph)).toContain(problem));

  it("throws between passes, naming the pass", () => {
    expect(assertValid(good, "build")).toBe(good);
    expect(() => assertValid(withNode(0, { op: "sqare" }), "optimize")).toThrow("the graph is not valid after optimize:\n  node 0 (sqare, layer): no such op");
  });
});
