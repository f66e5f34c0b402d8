// Helpers of graph tests: seeded inputs, comparison, gradients by finite differences.

import { expect } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Builder } from "../../compiler/graph/builder-types.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import type { OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import type { Graph } from "../../compiler/graph/node.ts";
import { randomStream } from "../../compiler/random.ts";

export function build(body: (b: Builder) => void): Graph {
  const b = createBuilder();
  body(b);
  return b.finish();
}

/** Floats from a normal distribution by name and seed; integers 0, 1, 2, …, which suits `random` and positions. */
export function inputsFor(graph: Graph, seed = 1): Map<string, OracleData> {
  return new Map(
    Object.entries(graph.inputs).map(([name, value]) => {
      const { shape, dtype } = graph.values[value];
      const stream = randomStream(seed, "test input", 0, name);
      return [name, dtype === "int32" ? Int32Array.from({ length: sizeOf(shape) }, (_, i) => i) : Float64Array.from({ length: sizeOf(shape) }, () => stream.normal())];
    }),
  );
}

export function run(graph: Graph, inputs: ReadonlyMap<string, OracleData> = inputsFor(graph)): Record<string, number[]> {
  return Object.fromEntries([...evaluateGraph(graph, inputs)].map(([name, data]) => [name, Array.from(data)]));
}

/** Same outputs, each element within `tolerance` of the other relative to the larger of 1 and its size. */
export function expectSame(actual: Record<string, number[]>, expected: Record<string, number[]>, tolerance = 0): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, list] of Object.entries(expected)) expectClose(actual[name], list, tolerance, name);
}

export function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number, name = ""): void {
  expect(actual.length, name).toBe(expected.length);
  expected.forEach((value, i) => {
    const bound = tolerance * Math.max(1, Math.abs(value));
    if (!(Math.abs(actual[i] - value) <= bound)) throw new Error(`${name}[${i}] is ${actual[i]}, expected ${value} ± ${bound}`);
  });
}

/** d output / d input by central differences, for a scalar output. */
export function finiteDifferences(graph: Graph, inputs: ReadonlyMap<string, OracleData>, output: string, input: string, h = 1e-5): number[] {
  const base = inputs.get(input) as Float64Array;
  const at = (i: number, by: number): number => {
    const moved = Float64Array.from(base);
    moved[i] += by;
    return (evaluateGraph(graph, new Map([...inputs, [input, moved]])).get(output) as OracleData)[0];
  };
  return Array.from(base, (_, i) => (at(i, h) - at(i, -h)) / (2 * h));
}
