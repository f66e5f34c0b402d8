// Records what TensorFlow.js code computes, without computing it: a backend whose kernels write down nodes of a TensorFlow graph.
// So an op's `lower` is all that an export knows about it.

import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import { kernels, type KernelRule } from "./kernels.ts";

export type TracedType = "float32" | "int32" | "bool";
export interface TracedInfo { readonly shape: readonly number[]; readonly dtype: TracedType }

/** A number or list of numbers that TensorFlow takes as an input: axes, shapes. */
export interface Literal { readonly values: readonly number[]; readonly shape: readonly number[]; readonly dtype: "float32" | "int32" }
/** Output `output` of node `node`. */
export interface Reference { readonly node: number; readonly output: number }
export type Operand = Reference | Literal;
export type TracedAttribute = boolean | number | { readonly type: TracedType };

export type TracedNode = { readonly outputs: readonly TracedInfo[] } & (
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "weight"; readonly name: string }
  | { readonly kind: "constant"; readonly values: Float32Array | Int32Array }
  | { readonly kind: "op"; readonly op: string; readonly operands: readonly Operand[]; readonly attributes: { readonly [name: string]: TracedAttribute } }
);

export interface Trace {
  readonly nodes: readonly TracedNode[];
  readonly outputs: ReadonlyMap<string, Reference>;
}

export interface Tracing {
  readonly tf: Tf;
  input(name: string, shape: readonly number[], dtype: "float32" | "int32"): Tensor;
  weight(name: string, shape: readonly number[]): Tensor;
}

/** Cause of the error of code that looks at values, which a trace does not have. */
export const valuesNeeded = Symbol("values needed");

const backendName = "ptarmigan-trace";

/** Runs `body` on the recording backend; its results are the outputs. What it computes must not depend on values. */
export function trace(tf: Tf, body: (tracing: Tracing) => ReadonlyMap<string, Tensor>): Trace {
  const nodes: TracedNode[] = [];
  const places = new Map<object, Reference>();
  const add = (node: TracedNode): Tensor[] => {
    nodes.push(node);
    return node.outputs.map((info, output) => {
      const dataId = {};
      places.set(dataId, { node: nodes.length - 1, output });
      return tf.engine().makeTensorFromDataId(dataId, [...info.shape], info.dtype) as Tensor;
    });
  };
  const recorder: Recorder = {
    record(rule, inputs, attributes) {
      const tensors = rule.inputs === "all" ? Object.values(inputs) : rule.inputs.map((name) => inputs[name]);
      const { operands = [], attributes: given = {}, outputs } = rule.apply(tf, tensors, attributes);
      const references = tensors.map((tensor) => places.get(tensor.dataId)!);
      const results = add({ kind: "op", op: typeof rule.op === "string" ? rule.op : rule.op(tensors), operands: [...references, ...operands], attributes: given, outputs });
      return results.length === 1 ? results[0] : results;
    },
    write(values, shape, dtype) {
      const dataId = {};
      places.set(dataId, { node: nodes.length, output: 0 });
      const type = dtype === "int32" || dtype === "bool" ? dtype : "float32";
      nodes.push({ kind: "constant", values: type === "float32" ? Float32Array.from(values) : Int32Array.from(values), outputs: [{ shape: [...shape], dtype: type }] });
      return dataId;
    },
    read(dataId) {
      const place = places.get(dataId);
      const node = place && nodes[place.node];
      if (node?.kind !== "constant") throw new Error("TensorFlow.js code that looks at values cannot be traced", { cause: valuesNeeded });
      return node.values;
    },
  };
  return onRecorder(tf, recorder, () => {
    const outputs = new Map<string, Reference>();
    tf.tidy(() => {
      const found = body({
        tf,
        input: (name, shape, dtype) => add({ kind: "input", name, outputs: [{ shape, dtype }] })[0],
        weight: (name, shape) => add({ kind: "weight", name, outputs: [{ shape, dtype: "float32" }] })[0],
      });
      for (const [name, tensor] of found) outputs.set(name, places.get(tensor.dataId)!);
    });
    return { nodes, outputs };
  });
}

type Values = ArrayLike<number>;

interface Recorder {
  record(rule: KernelRule, inputs: { readonly [name: string]: Tensor }, attributes: { readonly [name: string]: unknown }): Tensor | Tensor[];
  write(values: Values, shape: readonly number[], dtype: string): object;
  read(dataId: object): Values;
}

/** TensorFlow.js keeps kernels for as long as the process runs: they record into whatever trace is going on. */
let current: Recorder | null = null;

function onRecorder<T>(tf: Tf, recorder: Recorder, body: () => T): T {
  const before = tf.getBackend();
  for (const [kernelName, rule] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, backendName)) continue;
    tf.registerKernel({ kernelName, backendName, kernelFunc: ({ inputs, attrs }) => current!.record(rule, inputs as never, (attrs ?? {}) as never) as never });
  }
  // Nothing is freed: a trace is short, and holds no data but constants.
  const backend = Object.assign(new tf.KernelBackend(), {
    write: recorder.write, readSync: recorder.read, incRef: () => {}, refCount: () => 1, disposeData: () => true, dispose: () => {},
    numDataIds: () => 0, memory: () => ({ unreliable: true }), floatPrecision: () => 32 as const, epsilon: () => 1e-7, timerAvailable: () => false,
  });
  current = recorder;
  try {
    tf.registerBackend(backendName, () => backend as never);
    void tf.setBackend(backendName);
    return body();
  } finally {
    current = null;
    tf.removeBackend(backendName);
    if (before) void tf.setBackend(before);
  }
}
