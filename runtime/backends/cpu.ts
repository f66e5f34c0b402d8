// cpu: plain JavaScript. Every op runs its own `evaluate` on float32 arrays; TensorFlow.js keeps the tensors.

import type { Tensor } from "../../compiler/ops/define.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { defineBackend, OutOfMemory } from "./define.ts";
import type { HostMemory, LoadedBackend, View } from "./define.ts";
import { loadTensorflow } from "./_tensorflow.ts";

let loaded: Promise<LoadedBackend> | null = null;

export const cpu = defineBackend({
  word: "cpu",
  doc: "plain JavaScript, one thread: runs everywhere, slow",
  available: async () => null,
  load: () => (loaded ??= load()),
  tolerance: 2e-5,
  kernels: [],
  missing: [],
});

interface CpuStore {
  firstUse: boolean;
  readonly data: { get(id: object): { values?: View; refCount: number } };
  incRef(id: object): void;
  write(values: View, shape: number[], dtype: string): object;
}

async function load(): Promise<LoadedBackend> {
  const { tf } = await loadTensorflow();
  await import("@tensorflow/tfjs-backend-cpu");
  const store = tf.engine().findBackend("cpu") as unknown as CpuStore;
  store.firstUse = false; // it would print advice to install tfjs-node
  return { tf, name: "cpu", memory: cpuMemory(tf, store), kernels: {} };
}

function cpuMemory(tf: LoadedBackend["tf"], store: CpuStore): HostMemory {
  const engine = tf.engine();
  // Arrays of released tensors by length and type: a new array would be zeroed first, and collected later.
  const pools = { float32: new Map<number, Float32Array[]>(), int32: new Map<number, Int32Array[]>() };
  const take = (size: number, dtype: "float32" | "int32"): View => {
    const reused = pools[dtype].get(size)?.pop();
    if (reused) return reused;
    try {
      return dtype === "float32" ? new Float32Array(size) : new Int32Array(size);
    } catch (error) {
      if (error instanceof RangeError) throw new OutOfMemory(4 * size);
      throw error;
    }
  };
  return {
    allocate(shape, dtype) {
      const id = store.write(take(sizeOf(shape), dtype), [...shape], dtype);
      return engine.makeTensorFromDataId(id, [...shape], dtype, store as never) as Tensor;
    },
    alias(tensor, shape) {
      store.incRef(tensor.dataId);
      return engine.makeTensorFromDataId(tensor.dataId, [...shape], tensor.dtype, store as never) as Tensor;
    },
    view: (tensor) => store.data.get(tensor.dataId).values as View,
    release(tensor) {
      const entry = store.data.get(tensor.dataId);
      const values = entry.values;
      if (values && entry.refCount === 1 && values.byteLength === values.buffer.byteLength) {
        // By what the array is, not by the tensor's type: TensorFlow.js's casts may leave one under the other.
        const pool = (values instanceof Int32Array ? pools.int32 : pools.float32) as Map<number, View[]>;
        const list = pool.get(values.length);
        if (list) list.push(values);
        else pool.set(values.length, [values]);
      }
      tensor.dispose();
    },
  };
}
