// Every op sample on every backend, through the backend's own kernels and through `lower`, against `evaluate` in float64.

import { describe, expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import type { OpDefinition } from "../../compiler/ops/define.ts";
import { ops } from "../../compiler/ops/index.ts";
import { randomStream } from "../../compiler/random.ts";
import { openSession } from "../../runtime/session.ts";
import { testedBackends } from "../harness/tested-backends.ts";

interface SampleInput { readonly shape: readonly number[]; readonly dtype?: "int32"; readonly values?: readonly number[]; readonly range?: readonly [number, number] }

/** float32 values: the oracle and the backend start from the same numbers. */
function dataOf(name: string, input: SampleInput): Float32Array | Int32Array {
  const random = randomStream(7, "sample", 0, name);
  const size = sizeOf(input.shape);
  const [low, high] = input.range ?? [0, 0];
  const draw = (k: number): number => {
    if (input.values) return input.values[k];
    if (input.dtype === "int32") return low + random.below(Math.max(1, high - low));
    return input.range ? low + (high - low) * random.unit() : random.normal();
  };
  return input.dtype === "int32" ? Int32Array.from({ length: size }, (_, k) => draw(k)) : Float32Array.from({ length: size }, (_, k) => draw(k));
}

for (const backend of testedBackends) {
  // What has no kernels of its own is plain either way.
  for (const kernels of backend.kernels.length || backend.word === "cpu" ? (["own", "plain"] as const) : (["own"] as const)) {
    describe(`${backend.word}, ${kernels} kernels`, async () => {
      const session = (await backend.available()) === null ? await openSession(backend.word, { kernels }) : null;
      for (const op of Object.values(ops as unknown as Record<string, OpDefinition>)) {
        for (const sample of op.samples) {
          test.skipIf(!session)(`${op.name}: ${sample.title}`, async () => {
            const b = createBuilder();
            const inputs = sample.inputs as unknown as Record<string, SampleInput | undefined>;
            const names = op.inputs.map((name) => name.replace("?", ""));
            const data = new Map(names.filter((name) => inputs[name]).map((name) => [name, dataOf(name, inputs[name]!)]));
            const ids = names.map((name) => (inputs[name] ? b.input(name, { shape: inputs[name].shape, dtype: inputs[name].dtype ?? "float32" }) : null));
            b.add_node(op.name, ids, sample.attributes).forEach((value, k) => b.output(op.outputs[k], value));
            const graph = b.finish();
            const expected = evaluateGraph(graph, new Map([...data].map(([name, values]) => [name, values instanceof Int32Array ? values : Float64Array.from(values)])));
            const before = session!.memory();
            const results = session!.program(graph).run(data);
            const actual = new Map(await Promise.all([...results].map(async ([name, handle]) => [name, { shape: handle.shape, data: await session!.read(handle) }] as const)));
            session!.dispose(results.values());
            for (const [name, values] of expected) {
              expect(actual.get(name)!.shape).toEqual(graph.values[graph.outputs[name]].shape);
              expectClose(actual.get(name)!.data, values, backend.tolerance, name);
            }
            expect(session!.memory()).toEqual(before);
          });
        }
      }
    });
  }
}

/** Each element within `tolerance` of the largest element of its tensor, or of its own size. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, name: string): void {
  expect(actual.length).toBe(expected.length);
  let largest = 1e-6;
  for (let k = 0; k < expected.length; k++) if (Number.isFinite(expected[k])) largest = Math.max(largest, Math.abs(expected[k]));
  for (let k = 0; k < expected.length; k++) {
    if (Object.is(actual[k], expected[k]) || actual[k] === expected[k]) continue;
    if (!(Math.abs(actual[k] - expected[k]) <= tolerance * largest)) expect.fail(`${name}[${k}]: ${actual[k]} instead of ${expected[k]}`);
  }
}
