// Properties of graphs and passes over random graphs. A failure prints the seed (fast-check's and the graph's).

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateGraph, evaluateNode } from "../../compiler/graph/evaluate.ts";
import type { OracleData } from "../../compiler/graph/evaluate.ts";
import { aliveBytes, lastUses, peakBytes } from "../../compiler/graph/liveness.ts";
import { bytesOf } from "../../compiler/graph/node.ts";
import type { Graph, ValueId } from "../../compiler/graph/node.ts";
import { printGraph } from "../../compiler/graph/print.ts";
import { layerOf } from "../../compiler/graph/scopes.ts";
import { verify } from "../../compiler/graph/verify.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import type { DifferentiateOptions } from "../../compiler/phases/4-differentiate.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { canonical } from "../../compiler/plan/canonical.ts";
import { expectSame, finiteDifferences, run } from "../graph/values.ts";
import { randomGraph, randomInputs } from "./random-graph.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const sizes = fc.integer({ min: 1, max: 24 });
const holds = (property: (seed: number, size: number) => void, numRuns: number): void => fc.assert(fc.property(seeds, sizes, property), { numRuns });

/** The loss and the gradients of all float inputs as outputs. */
function withGradients(seed: number, size: number, options: DifferentiateOptions = {}): Graph {
  const { b, loss, floats } = randomGraph(seed, size);
  const names = new Map(Object.entries(b.finish().inputs).map(([name, value]) => [value, name]));
  b.output("loss", loss);
  differentiate(b, loss, floats, options).forEach((gradient, i) => {
    if (gradient !== null) b.output(`gradient:${names.get(floats[i])}`, gradient);
  });
  return b.finish();
}

describe("random graphs", () => {
  it("have the gradients that finite differences have", () => {
    holds((seed, size) => {
      const graph = withGradients(seed, size);
      const { b, loss } = randomGraph(seed, size);
      b.output("loss", loss);
      const forward = b.finish();
      const inputs = randomInputs(graph, seed);
      const values = run(graph, inputs);
      for (const name of Object.keys(forward.inputs).filter((input) => input.startsWith("f"))) {
        const gradient = values[`gradient:${name}`] ?? Array.from(inputs.get(name) as Float64Array, () => 0);
        // A row that is padding gets no gradient from a lookup, by definition.
        if (forward.nodes.some((node) => node.op === "embedding" && node.attributes.padding !== null && node.inputs[0] === forward.inputs[name])) continue;
        const expected = finiteDifferences(forward, inputs, "loss", name);
        const bound = 1e-6 * Math.max(1, ...gradient.map(Math.abs));
        expected.forEach((value, i) => expect(Math.abs(gradient[i] - value), `${name}[${i}]: ${gradient[i]} and ${value}`).toBeLessThan(bound));
      }
    }, 60);
  });

  it("are valid, and mean the same after optimization, which is idempotent", () => {
    holds((seed, size) => {
      const graph = withGradients(seed, size);
      const optimized = optimize(graph);
      expect(verify(graph)).toEqual([]);
      expect(verify(optimized)).toEqual([]);
      expect(Object.keys(optimized.inputs)).toEqual(Object.keys(graph.inputs));
      const inputs = randomInputs(graph, seed);
      expectSame(run(optimized, inputs), run(graph, inputs), 1e-11);
      expect(optimize(optimized)).toEqual(optimized);
      expect(optimized.nodes.length).toBeLessThanOrEqual(graph.nodes.length);
    }, 150);
  });

  it("have exactly the same gradients with recomputation", () => {
    holds((seed, size) => {
      const plain = withGradients(seed, size);
      const again = withGradients(seed, size, { recompute: layerOf });
      expect(verify(again)).toEqual([]);
      const inputs = randomInputs(plain, seed);
      expectSame(run(again, inputs), run(plain, inputs));
      // Rewrites may round differently in a repetition than in the forward pass, so not bit for bit.
      const optimized = optimize(again);
      expect(verify(optimized)).toEqual([]);
      expectSame(run(optimized, inputs), run(plain, inputs), 1e-11);
    }, 100);
  });

  it("print and serialize the same every time", () => {
    holds((seed, size) => {
      const [first, second] = [optimize(withGradients(seed, size)), optimize(withGradients(seed, size))];
      expect(printGraph(first)).toBe(printGraph(second));
      expect(canonical(JSON.parse(canonical(first)))).toBe(canonical(second));
    }, 20);
  });
});

describe("liveness of random graphs", () => {
  it("never frees what is used later, frees everything else once, and the peak is what an executor sees", () => {
    holds((seed, size) => {
      const graph = optimize(withGradients(seed, size));
      const inputs = randomInputs(graph, seed);
      const free = lastUses(graph);
      const held = new Map<ValueId, OracleData>();
      const caller = new Set<ValueId>(Object.entries(graph.inputs).map(([name, value]) => (held.set(value, inputs.get(name) as OracleData), value)));
      const alive = aliveBytes(graph, { resident: caller });
      graph.nodes.forEach((node, i) => {
        const data = node.inputs.map((value) => {
          if (value !== null && !held.has(value)) throw new Error(`node ${i} uses %${value}, which was freed`);
          return value === null ? null : (held.get(value) as OracleData);
        });
        evaluateNode(node, graph.values, data).forEach((output, k) => held.set(node.outputs[k], output));
        const bytes = [...held.keys()].reduce((sum, value) => sum + (caller.has(value) ? 0 : bytesOf(graph.values[value])), 0);
        // Views share memory, so the plan may only be below what separate arrays take.
        const views = graph.nodes.some(({ op }) => op === "reshape");
        if (views) expect(alive[i]).toBeLessThanOrEqual(bytes);
        else expect(alive[i]).toBe(bytes);
        for (const value of free[i]) if (!held.delete(value)) throw new Error(`%${value} is freed twice`);
      });
      expect([...held.keys()].filter((value) => !caller.has(value)).sort()).toEqual([...new Set(Object.values(graph.outputs))].filter((value) => !caller.has(value)).sort());
      expect(peakBytes(graph, { resident: caller })).toBe(Math.max(0, ...alive));
      const outputs = evaluateGraph(graph, inputs);
      for (const [name, value] of Object.entries(graph.outputs)) expect(held.get(value)).toEqual(outputs.get(name));
    }, 100);
  });
});
