// Every op of the registry, on each of its samples: shapes, oracle, gradient, float32, and its TensorFlow.js form on cpu and wasm.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { sizeOf, type ValueInfo } from "../../compiler/graph/node.ts";
import type { Data, OpDefinition, Tensor } from "../../compiler/ops/define.ts";
import { ops } from "../../compiler/ops/index.ts";
import { expectClose } from "../harness/allclose.ts";
import { checkGradients } from "../harness/gradient-check.ts";
import { infosOf, sampleData, type SampleInputs } from "../harness/random.ts";

const registry = ops as unknown as { readonly [name: string]: OpDefinition };
const seed = 20240817;

beforeAll(() => {
  const found = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${join(dirname(found), "/")}`);
});

for (const [name, op] of Object.entries(registry)) {
  describe(name, () => {
    test("is described", () => {
      expect(op.name).toBe(name);
      expect(op.doc).toMatch(/\.$/);
      expect(op.samples.length).toBeGreaterThanOrEqual(2);
      for (const optional of op.inputs.filter((input) => input.endsWith("?"))) {
        const key = optional.slice(0, -1);
        const given = op.samples.filter((sample) => key in sample.inputs).length;
        expect(given, `samples with and without ${key}`).toBeGreaterThan(0);
        expect(given, `samples with and without ${key}`).toBeLessThan(op.samples.length);
      }
    });
    for (const sample of op.samples) {
      const inputs = sample.inputs as SampleInputs;
      const infos = infosOf(inputs);
      const infer = (): readonly ValueInfo[] => op.infer(infos as never, sample.attributes);
      describe(sample.title, () => {
        test("oracle is finite, float32 agrees", () => {
          const outputs = infer();
          expect(outputs.length).toBe(op.outputs.length);
          expect(op.flops(infos as never, outputs, sample.attributes)).toBeGreaterThanOrEqual(0);
          const exact = run(op, inputs, sample.attributes, outputs, Float64Array);
          for (const [i, values] of exact.entries()) expect(values.every((v) => Number.isFinite(v)), op.outputs[i]).toBe(true);
          const rounded = run(op, inputs, sample.attributes, outputs, Float32Array);
          for (const [i, values] of rounded.entries()) expectClose(values, exact[i], 1e-5, `${name}.${op.outputs[i]}`);
        });
        if (op.gradient !== "not differentiable" && infer()[0].dtype === "float32") {
          test("gradient is the finite difference", () => {
            for (const { input, error } of checkGradients(op, { inputs, attributes: sample.attributes }, seed)) expect(error, input).toBeLessThan(1e-6);
          });
        }
        if (op.lower !== "evaluate") {
          for (const backend of ["cpu", "wasm"]) {
            test(`TensorFlow.js on ${backend}`, async () => {
              expect(await tf.setBackend(backend)).toBe(true);
              const outputs = infer();
              const exact = run(op, inputs, sample.attributes, outputs, Float64Array);
              const before = tf.memory().numTensors;
              tf.tidy(() => {
                const data = sampleData(inputs, seed);
                const tensors = Object.fromEntries(Object.entries(infos).map(([key, info]) => [key, tf.tensor(info.dtype === "int32" ? data[key] : Float32Array.from(data[key]), [...info.shape], info.dtype)]));
                const lowered = (op.lower as Exclude<OpDefinition["lower"], string>)(tf, tensors, sample.attributes) as Tensor[];
                expect(lowered.map((tensor) => ({ shape: tensor.shape, dtype: tensor.dtype }))).toEqual(outputs.map(({ shape, dtype }) => ({ shape: [...shape], dtype })));
                for (const [i, tensor] of lowered.entries()) expectClose(tensor.dataSync(), exact[i], 1e-5, `${name}.${op.outputs[i]} on ${backend}`);
              });
              expect(tf.memory().numTensors).toBe(before);
            });
          }
        }
      });
    }
  });
}

/** Outputs start as NaN, so that what `evaluate` leaves unwritten shows. */
function run(op: OpDefinition, inputs: SampleInputs, attributes: OpDefinition["samples"][number]["attributes"], outputs: readonly ValueInfo[], Floats: Float32ArrayConstructor | Float64ArrayConstructor): Data[] {
  const data = sampleData(inputs, seed);
  const given = Object.fromEntries(Object.entries(data).map(([key, values]) => [key, values instanceof Int32Array ? values : Floats.from(values)]));
  const results = outputs.map((info) => (info.dtype === "int32" ? new Int32Array(sizeOf(info.shape)) : new Floats(sizeOf(info.shape)).fill(Number.NaN)));
  const shapes = { inputs: Object.fromEntries(Object.entries(inputs).map(([key, { shape }]) => [key, shape])), outputs: outputs.map(({ shape }) => shape) };
  op.evaluate(given as never, results, attributes, shapes as never);
  return results;
}
