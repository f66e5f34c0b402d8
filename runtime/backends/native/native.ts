// native: C++ kernels behind Node-API, as a TensorFlow.js backend. It is the cpu backend with tensors in the addon's memory: every tf.*
// program runs on it, through the cpu backend's kernels; ops of a graph run through the kernels of `source/`.

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../compiler/graph/node.ts";
import { sameShape } from "../../../compiler/ops/_shapes.ts";
import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import { defineBackend, OutOfMemory } from "../define.ts";
import type { LoadedBackend } from "../define.ts";
import { loadTensorflow } from "../_tensorflow.ts";
import type { Binding } from "./_binding.ts";
import { loadBinding } from "./_binding.ts";
import { groupedKernels } from "./grouped.ts";
import { nativeKernels, plainly } from "./kernels.ts";
import type { KernelContext } from "./kernels.ts";
import type { NativeMemory } from "./memory.ts";
import { nativeMemory } from "./memory.ts";
import { joinedKernels } from "./optimizer.ts";

let loaded: Promise<LoadedBackend> | null = null;

export const native = defineBackend({
  word: "native",
  doc: "C++ kernels on all cores (AMX, AVX-512 or AVX2 where the CPU has them); `PT_THREADS` sets how many",
  available: async () => {
    const found = loadBinding();
    return typeof found === "string" ? found : null;
  },
  load: () => (loaded ??= load()),
  tolerance: 2e-5,
  kernels: [nativeKernels, groupedKernels].flatMap(Object.keys),
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
  registerProduct(tf, memory, binding, numbers.get("product")!);
  const context: KernelContext = { binding, memory, number: (name) => numbers.get(name)! };
  const made = <K>(of: { readonly [op: string]: (context: KernelContext) => K }): { [op: string]: K } => Object.fromEntries(Object.entries(of).map(([op, make]) => [op, make(context)]));
  return { tf, name: "native", memory, precise: true, kernels: made({ ...nativeKernels, ...groupedKernels }), joined: made(joinedKernels) };
}

/** tf.matMul, by far the slowest of the cpu backend's kernels, as a product of ours. Batches that repeat stay with the cpu backend. */
function registerProduct(tf: Tf, memory: NativeMemory, binding: Binding, number: number): void {
  const plain = tf.getKernel("BatchMatMul", "cpu");
  tf.unregisterKernel("BatchMatMul", "native");
  tf.registerKernel({
    ...plain,
    backendName: "native",
    kernelFunc: (given) => {
      const { a, b } = given.inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = given.attrs as unknown as { transposeA: boolean; transposeB: boolean };
      const [batch, M, K, N] = [a.shape.slice(0, -2), a.shape.at(transposeA ? -1 : -2)!, a.shape.at(transposeA ? -2 : -1)!, b.shape.at(transposeB ? -2 : -1)!];
      // By what the data are, not by their type alone: the cpu backend casts small integers to float32 without touching them.
      const isFloat = (info: TensorInfo): boolean => info.dtype === "float32" && memory.view(info as Tensor) instanceof Float32Array;
      if (!isFloat(a) || !isFloat(b) || !sameShape(batch, b.shape.slice(0, -2))) return plain.kernelFunc(given);
      const out = memory.allocateInfo([...batch, M, N], "float32");
      const [x, y, z] = [a, b, out].map((info) => memory.address(info));
      for (let i = 0; i < sizeOf(batch); i++) {
        binding.arguments.set([x + 4 * i * M * K, transposeA ? 1 : K, transposeA ? M : 1, y + 4 * i * K * N, transposeB ? 1 : N, transposeB ? K : 1, z + 4 * i * M * N, M, N, K, ...plainly.map((value) => Number(value ?? 0)), 0]);
        if (binding.run(number) !== 0) throw new OutOfMemory(0);
      }
      return out;
    },
  });
}

function createStore(): MathBackendCPU {
  const store = new MathBackendCPU();
  (store as unknown as { firstUse: boolean }).firstUse = false; // it would print advice to install tfjs-node
  return store;
}
