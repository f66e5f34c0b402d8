// precision: bf16. Every op with products, on each of its samples: the backends' kernels and `lower` against `evaluate` in float64,
// which rounds what enters products as they do. What an op rounds inside (attention's probabilities) may fall to either neighbour
// where two computations differ in the last place, half a unit of bfloat16, 2^-9, for single terms of a sum.

import { describe, expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { withPrecision } from "../../compiler/graph/precision.ts";
import { bfloat16, bfloat16s } from "../../compiler/ops/_precision.ts";
import type { OpDefinition } from "../../compiler/ops/define.ts";
import { ops } from "../../compiler/ops/index.ts";
import { backends } from "../../runtime/backends/index.ts";
import type { BackendDefinition } from "../../runtime/backends/define.ts";
import { openSession } from "../../runtime/session.ts";
import { sampleData, type SampleInputs } from "../harness/random.ts";

const precise = Object.values(ops as unknown as Record<string, OpDefinition>).filter((op) => op.products);

test("numbers round to the nearest of 8 bits, ties to even", () => {
  expect([1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -1 - 2 ** -7, 0, Infinity, 3e38].map(bfloat16)).toEqual([1, 1, 1 + 2 ** -6, 1 + 2 ** -7, -1 - 2 ** -7, 0, Infinity, 3.0040553e38].map(Math.fround));
  expect([...bfloat16s(Float32Array.of(Number.NaN, 0.3, 1e-3))]).toEqual([Number.NaN, 0.30078125, 0.00099945068359375]);
});

test("a finished graph's products carry it, f32 leaves the graph alone", () => {
  const b = createBuilder();
  const x = b.input("x", { shape: [2, 3], dtype: "float32" });
  b.output("y", b.square(b.matmul(x, x, { transpose_x: false, transpose_y: true })));
  const graph = b.finish();
  expect(withPrecision(graph, "f32")).toBe(graph);
  expect(withPrecision(graph, "bf16").nodes.map((node) => node.attributes.precision)).toEqual(["bf16", undefined]);
});

for (const backend of Object.values(backends as Record<string, BackendDefinition>)) {
  for (const kernels of ["own", "plain"] as const) {
    describe(`${backend.word}, ${kernels} kernels`, async () => {
      const session = (await backend.available()) === null ? await openSession(backend.word, { kernels }) : null;
      for (const op of precise) {
        for (const sample of op.samples) {
          test.skipIf(!session)(`${op.name}: ${sample.title}`, async () => {
            const given = sample.inputs as SampleInputs;
            const data = Object.fromEntries(Object.entries(sampleData(given, 5)).map(([name, values]) => [name, values instanceof Int32Array ? values : Float32Array.from(values)]));
            const b = createBuilder();
            const ids = op.inputs.map((name) => name.replace("?", "")).map((name) => (given[name] ? b.input(name, { shape: given[name].shape, dtype: given[name].dtype ?? "float32" }) : null));
            b.add_node(op.name, ids, sample.attributes).forEach((value, k) => b.output(op.outputs[k], value));
            const plain = b.finish();
            const graph = withPrecision(plain, "bf16");
            const oracle = (of: typeof graph) => evaluateGraph(of, new Map(Object.entries(data).map(([name, values]) => [name, values instanceof Int32Array ? values : Float64Array.from(values)])));
            const expected = oracle(graph);
            const results = session!.program(graph).run(new Map(Object.entries(data)));
            const tolerance = op.rounds_inside ? 2 ** -9 : backend.tolerance;
            for (const [name, values] of expected) {
              const actual = await session!.read(results.get(name)!);
              const largest = Math.max(1e-3, ...values.map(Math.abs));
              expect(actual.length).toBe(values.length);
              for (let i = 0; i < values.length; i++) expect(Math.abs(actual[i] - values[i]), `${name}[${i}]: ${actual[i]} instead of ${values[i]}`).toBeLessThanOrEqual(tolerance * largest);
            }
            session!.dispose(results.values());
            // It does round, and by no more than bfloat16 does.
            const exact = oracle(plain).get(op.outputs[0])!;
            const [first] = op.outputs;
            const largest = Math.max(1e-3, ...exact.map(Math.abs));
            const off = Math.max(0, ...exact.map((value, i) => Math.abs(value - expected.get(first)![i])));
            if (exact.some((value) => value !== 0)) expect(off).toBeGreaterThan(0);
            expect(off).toBeLessThan(0.03 * largest);
          });
        }
      }
    });
  }
}
