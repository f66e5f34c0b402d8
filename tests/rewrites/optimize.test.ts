// The optimizer as a whole; single rows are tested from their examples in tests/conformance/rewrites.test.ts.

import { describe, expect, it } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Graph, ValueId } from "../../compiler/graph/node.ts";
import { printGraph } from "../../compiler/graph/print.ts";
import { verify } from "../../compiler/graph/verify.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import { allFamilies, countFirings, optimize } from "../../compiler/phases/5-optimize.ts";
import type { Firing } from "../../compiler/phases/5-optimize.ts";
import { defineFamily, floatInput } from "../../compiler/rewrites/define.ts";
import { algebra } from "../../compiler/rewrites/algebra.ts";
import { common } from "../../compiler/rewrites/common.ts";
import { dead } from "../../compiler/rewrites/dead.ts";
import { fold } from "../../compiler/rewrites/fold.ts";
import { fuse } from "../../compiler/rewrites/fuse.ts";
import { build, expectSame, inputsFor, run } from "../graph/values.ts";

const opsOf = (graph: Graph): string[] => graph.nodes.map((node) => node.op);

describe("optimize", () => {
  it("keeps names of inputs and outputs in their order, used or not", () => {
    const graph = optimize(
      build((b) => {
        floatInput(b, "unused", 2);
        const x = floatInput(b, "x", 2);
        b.output("b", b.scale(x, { factor: 1 }));
        b.output("a", x);
        b.output("c", b.shift(x, { by: 0 }));
      }),
    );
    expect(printGraph(graph)).toBe("input unused : f32[2]\ninput x : f32[2]\noutput b = x : f32[2]\noutput a = x : f32[2]\noutput c = x : f32[2]\n");
  });

  it("collapses chains and reports each change with its scope", () => {
    const trace: Firing[] = [];
    const graph = build((b) => {
      let x = floatInput(b, "x", 2);
      b.within("chain", () => {
        for (let i = 0; i < 6; i++) x = b.scale(x, { factor: 2 });
      });
      b.output("y", x);
    });
    expect(printGraph(optimize(graph, allFamilies, (firing) => trace.push(firing)))).toBe("input x : f32[2]\n%0 = scale(x) {factor: 64} : f32[2]  // chain\noutput y = %0 : f32[2]\n");
    expect(countFirings(trace)).toEqual([{ title: "unused node removed", count: 5 }, { title: "x * a * b → x * ab", count: 5 }]);
    expect(trace.every(({ scope }) => scope === "chain")).toBe(true);
  });

  it("fuses only what nothing else uses", () => {
    const make = (kept: boolean) =>
      build((b) => {
        const product = b.linear(floatInput(b, "x", 2, 3), floatInput(b, "w", 4, 3), null);
        b.output("y", b.add(product, floatInput(b, "bias", 4)));
        if (kept) b.output("product", product);
      });
    expect(opsOf(optimize(make(false)))).toEqual(["linear"]);
    expect(opsOf(optimize(make(true)))).toEqual(["linear", "add"]);
  });

  it("does not take a bias of another shape, or of one row, for a bias", () => {
    const graph = build((b) => b.output("y", b.add(b.linear(floatInput(b, "x", 2, 3), floatInput(b, "w", 4, 3), null), floatInput(b, "bias", 2, 4))));
    expect(opsOf(optimize(graph))).toEqual(["linear_add"]);
  });

  it("folds filled constants only, large ones elementwise", () => {
    const graph = optimize(
      build((b) => {
        const big = b.square(b.constant({ shape: [1000, 1000], value: 3 }));
        b.output("y", b.multiply(floatInput(b, "x", 1000, 1000), big));
        // Padded with zeros it is no longer one number.
        b.output("z", b.pad_slice(b.constant({ shape: [2], value: 1 }), { axis: 0, start: 0, size: 3 }));
        b.output("infinite", b.divide(b.constant({ shape: [], value: 1 }), b.constant({ shape: [], value: 0 })));
      }),
    );
    expect(opsOf(graph)).toEqual(["scale", "constant", "pad_slice", "constant", "constant", "divide"].filter((op) => opsOf(graph).includes(op)));
    expect(graph.nodes.find((node) => node.op === "scale")?.attributes).toEqual({ factor: 9 });
    expect(graph.nodes.some((node) => node.op === "pad_slice")).toBe(true);
    expect(graph.nodes.some((node) => node.op === "divide")).toBe(true);
  });

  it("merges equal nodes but not different attributes, inputs or orders of a difference", () => {
    const graph = optimize(
      build((b) => {
        const [x, y] = [floatInput(b, "x", 2), floatInput(b, "y", 2)];
        const random = b.input("random", { shape: [4], dtype: "int32" });
        const parts = [b.subtract(x, y), b.subtract(y, x), b.subtract(x, y), b.dropout(x, random, { rate: 0.5, site: 1 }), b.dropout(x, random, { rate: 0.5, site: 2 }), b.dropout(x, random, { site: 1, rate: 0.5 })];
        b.output("z", parts.reduce((sum, part) => b.add(sum, part)));
      }),
    );
    expect(opsOf(graph).filter((op) => op === "subtract")).toHaveLength(2);
    expect(opsOf(graph).filter((op) => op === "dropout")).toHaveLength(2);
  });

  it("names a row whose replacement has another shape, and rows without end", () => {
    const graph = build((b) => b.output("y", b.square(floatInput(b, "x", 2))));
    const row = { title: "wrong", pattern: { op: "square", inputs: { x: "x" } }, example: () => {} };
    expect(() => optimize(graph, [defineFamily({ word: "w", doc: "", rows: [{ ...row, replacement: (b, { values }) => b.sum_of_squares(values.x) }] })])).toThrow('rewrite "wrong" turns f32[2] into f32[]');
    expect(() => optimize(graph, [defineFamily({ word: "w", doc: "", rows: [{ ...row, replacement: (b, { values }) => b.square(values.x) }] })])).toThrow("do not come to an end");
  });

  it("has all families, each once", () => expect([...allFamilies].sort((a, b) => (a.word < b.word ? -1 : 1))).toEqual([algebra, common, dead, fold, fuse]));
});

describe("a training graph", () => {
  it.each([false, true])("computes a gated mlp's products in one node, and what its backward pass multiplies by (bias: %s)", (bias) => {
    const b = createBuilder();
    const wanted = [floatInput(b, "x", 4, 3)];
    const weight = (name: string, ...shape: number[]): ValueId => wanted[wanted.push(floatInput(b, name, ...shape)) - 1];
    const project = (name: string, from: ValueId, out: number, width: number): ValueId => b.linear(from, weight(name, out, width), bias ? weight(`${name}_bias`, out) : null);
    const active = b.activate(project("gate", wanted[0], 6, 3), { activation: "silu" });
    const loss = b.sum_of_squares(project("down", b.multiply(active, project("up", wanted[0], 6, 3)), 3, 6));
    b.output("loss", loss);
    differentiate(b, loss, wanted).forEach((gradient, i) => b.output(`gradient:${i}`, gradient as ValueId));
    const graph = b.finish();
    const optimized = optimize(graph);
    const counts = (op: string): number => opsOf(optimized).filter((other) => other === op).length;
    expect(["linear_gated", "matmul_multiply_twice", "activate", "activate_gradient", "multiply"].map(counts)).toEqual([1, 1, 0, 0, 0]);
    const inputs = inputsFor(graph);
    expectSame(run(optimized, inputs), run(graph, inputs), 1e-12);
  });

  /** About `layers` × 17 nodes once differentiated. */
  function training(layers: number): Graph {
    const b = createBuilder();
    let x = floatInput(b, "x", 2, 8);
    const weights: ValueId[] = [];
    for (let i = 0; i < layers; i++) {
      b.within(`decoder.layers.${i}`, () => {
        const [norm, up, bias, down] = [floatInput(b, `${i}.norm`, 8), floatInput(b, `${i}.up`, 16, 8), floatInput(b, `${i}.bias`, 16), floatInput(b, `${i}.down`, 8, 16)];
        weights.push(norm, up, bias, down);
        const [y] = b.layernorm(x, norm, null, { eps: 1e-5 });
        const hidden = b.activate(b.add(b.linear(y, up, null), bias), { activation: "gelu" });
        x = b.add(x, b.scale(b.linear(hidden, down, null), { factor: 1 }));
      });
    }
    const loss = b.scale(b.sum_of_squares(x), { factor: 0.5 });
    b.output("loss", loss);
    differentiate(b, loss, weights).forEach((gradient, i) => b.output(`gradient:${i}`, gradient as ValueId));
    return b.finish();
  }

  it("keeps its values", () => {
    const graph = training(3);
    const optimized = optimize(graph);
    expect(verify(optimized)).toEqual([]);
    expect(optimized.nodes.length).toBeLessThan(graph.nodes.length);
    const inputs = inputsFor(graph);
    expectSame(run(optimized, inputs), run(graph, inputs), 1e-12);
  });

  it("of 10 000 nodes takes less than a second", () => {
    const graph = training(600);
    expect(graph.nodes.length).toBeGreaterThan(10_000);
    const start = process.cpuUsage();
    optimize(graph);
    const { user, system } = process.cpuUsage(start);
    // A wide limit on a shared machine: only a quadratic pass would break it.
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
