// Runs an exported folder as others would: TensorFlow.js's own converter on its cpu backend, the files read as a browser would fetch them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import type { Given } from "./cases.ts";

export interface ModelJson {
  readonly signature: { readonly inputs: { readonly [name: string]: object }; readonly outputs: { readonly [name: string]: object } };
  readonly modelTopology: { readonly node: readonly { readonly name: string; readonly op: string }[] };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly { readonly name: string; readonly shape: number[]; readonly dtype: "float32" }[] }[];
}

export const modelJson = (folder: string): ModelJson => JSON.parse(readFileSync(join(folder, "model.json"), "utf8")) as ModelJson;

export interface Result { readonly shape: readonly number[]; readonly values: Float32Array }

/** All outputs of one call, by name. */
export async function runFolder(folder: string, given: Given): Promise<Map<string, Result>> {
  await tf.setBackend("cpu");
  const { modelTopology, signature, weightsManifest: [{ paths, weights }] } = modelJson(folder);
  const data = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
  const model = await loadGraphModel({ load: async () => ({ modelTopology, signature, format: "graph-model", weightSpecs: [...weights], weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer }) });
  const names = Object.keys(signature.outputs);
  const inputs = Object.fromEntries(Object.keys(signature.inputs).map((name) => [name, tf.tensor(given[name].values, [...given[name].shape], given[name].values instanceof Int32Array ? "int32" : "float32")]));
  const outputs = model.execute(inputs, names);
  const results = (Array.isArray(outputs) ? outputs : [outputs]).map((tensor): Result => ({ shape: tensor.shape, values: tensor.dataSync() as Float32Array }));
  model.dispose();
  tf.dispose([inputs, outputs]);
  return new Map(results.map((result, i) => [names[i], result]));
}
