// Every op's TensorFlow.js form as a GraphModel: traced, written as NodeDefs, and run by TensorFlow.js's converter.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import { describe, expect, test } from "vitest";
import { sizeOf } from "../../compiler/graph/node.ts";
import type { OpDefinition, Tensor, Tf } from "../../compiler/ops/define.ts";
import { ops } from "../../compiler/ops/index.ts";
import { graphModel } from "../../runtime/export/tfjs/graph-model.ts";
import { generalize } from "../../runtime/export/tfjs/sizes.ts";
import { trace, valuesNeeded } from "../../runtime/export/tfjs/trace.ts";
import { expectClose } from "../harness/allclose.ts";
import { infosOf, sampleData, type SampleInputs } from "../harness/random.ts";

const registry = ops as unknown as { readonly [name: string]: OpDefinition };
const seed = 20240817;

/** They look at values: random bits, and where a cache is written. Neither is part of a forward pass without caches. */
const onHost = ["dropout", "cache_write"];

for (const [name, op] of Object.entries(registry)) {
  describe(name, () => {
    if (op.lower === "evaluate") test.skip("has no form in TensorFlow.js (PT7234)", () => {});
    else for (const sample of op.samples) {
      test(sample.title, async () => {
        const inputs = sample.inputs as SampleInputs;
        const infos = infosOf(inputs);
        const outputs = op.infer(infos as never, sample.attributes);
        const data = sampleData(inputs, seed);
        const make = () => trace(tf as unknown as Tf, (tracing) => {
          const given = Object.fromEntries(Object.entries(infos).map(([key, { shape, dtype }]) => [key, tracing.input(key, shape, dtype)]));
          const results = (op.lower as Exclude<OpDefinition["lower"], "evaluate">)(tf as unknown as Tf, given, sample.attributes);
          return new Map(results.map((tensor, i): [string, Tensor] => [op.outputs[i], tensor]));
        });
        if (onHost.includes(name) || (sample.attributes as { dropout?: number }).dropout) {
          expect(make).toThrow(expect.objectContaining({ cause: valuesNeeded }));
          return;
        }
        const { topology, signature, weights } = graphModel(generalize([make()], [])!);
        const bytes = Buffer.concat(weights.map(({ data: values }) => (typeof values === "string" ? Buffer.alloc(0) : Buffer.from(values.buffer, values.byteOffset, values.byteLength))));
        await tf.setBackend("cpu");
        const model = await loadGraphModel({ load: async () => ({ modelTopology: topology, signature, format: "graph-model", weightSpecs: weights.map(({ name: title, shape, dtype }) => ({ name: title, shape: [...shape], dtype })), weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer }) });
        const used = Object.keys((signature as { inputs: object }).inputs);
        const tensors = Object.fromEntries(used.map((key) => [key, tf.tensor(infos[key].dtype === "int32" ? data[key] : Float32Array.from(data[key]), [...infos[key].shape], infos[key].dtype)]));
        const found = model.execute(tensors, [...op.outputs]);
        const exact = outputs.map((info) => (info.dtype === "int32" ? new Int32Array(sizeOf(info.shape)) : new Float64Array(sizeOf(info.shape))));
        const given = Object.fromEntries(Object.entries(data).map(([key, values]) => [key, values instanceof Int32Array ? values : Float64Array.from(values)]));
        op.evaluate(given as never, exact, sample.attributes, { inputs: Object.fromEntries(Object.entries(inputs).map(([key, { shape }]) => [key, shape])) as never, outputs: outputs.map(({ shape }) => shape) });
        for (const [i, tensor] of (Array.isArray(found) ? found : [found]).entries()) {
          expect({ shape: tensor.shape, dtype: tensor.dtype }).toEqual({ shape: [...outputs[i].shape], dtype: outputs[i].dtype });
          expectClose(tensor.dataSync(), exact[i], 1e-5, `${name}.${op.outputs[i]}`);
        }
        model.dispose();
        tf.dispose([found, tensors]);
      });
    }
  });
}
