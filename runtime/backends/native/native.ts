// native: C++ kernels behind Node-API, as a TensorFlow.js backend. It is the cpu backend with tensors in the addon's memory: every tf.*
// program runs on it, through the cpu backend's kernels; ops of a graph run through the kernels of `source/`.

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { defineBackend } from "../define.ts";
import type { LoadedBackend } from "../define.ts";
import { loadTensorflow } from "../_tensorflow.ts";
import { loadBinding } from "./_binding.ts";
import { nativeKernels } from "./kernels.ts";
import { nativeMemory } from "./memory.ts";

let loaded: Promise<LoadedBackend> | null = null;

export const native = defineBackend({
  word: "native",
  doc: "C++ kernels on all cores (AVX-512 or AVX2 where the CPU has them); `PT_THREADS` sets how many",
  available: async () => {
    const found = loadBinding();
    return typeof found === "string" ? found : null;
  },
  load: () => (loaded ??= load()),
  tolerance: 2e-5,
  kernels: Object.keys(nativeKernels),
  missing: [],
});

async function load(): Promise<LoadedBackend> {
  const found = loadBinding();
  if (typeof found === "string") throw new Error(found);
  const { binding } = found;
  const { tf } = await loadTensorflow();
  await import("@tensorflow/tfjs-backend-cpu");
  let store: MathBackendCPU | null = null;
  tf.registerBackend("native", () => (store = createStore()), 0);
  for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...kernel, backendName: "native" });
  void tf.engine().findBackend("native");
  const memory = nativeMemory(tf, store!, binding);
  const numbers = new Map(binding.kernels.map((name, number) => [name, number]));
  const kernels = Object.fromEntries(Object.entries(nativeKernels).map(([op, make]) => [op, make({ binding, memory, number: (name) => numbers.get(name)! })]));
  return { tf, name: "native", memory, kernels };
}

function createStore(): MathBackendCPU {
  const store = new MathBackendCPU();
  (store as unknown as { firstUse: boolean }).firstUse = false; // it would print advice to install tfjs-node
  return store;
}
