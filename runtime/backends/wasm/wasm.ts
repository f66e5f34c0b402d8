// wasm: TensorFlow.js's WebAssembly backend keeps the tensors; the kernels beside this file work on its heap.

import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import { sizeOf } from "../../../compiler/graph/node.ts";
import { defineBackend, OutOfMemory } from "../define.ts";
import type { HostMemory, LoadedBackend } from "../define.ts";
import { loadTensorflow } from "../_tensorflow.ts";
import { wasmKernels } from "./kernels.ts";
import { createKernels } from "./module.ts";

let loaded: Promise<LoadedBackend> | null = null;

export const wasm = defineBackend({
  word: "wasm",
  doc: "WebAssembly with SIMD, one thread: runs everywhere that Node runs",
  available: async () => (WebAssembly.validate(simdProbe) ? null : "this Node has no WebAssembly SIMD; Node 20 or later has"),
  load: () => (loaded ??= load()),
  tolerance: 2e-5,
  kernels: Object.keys(wasmKernels),
  missing: ["UnsortedSegmentSum", "Einsum", "IsNaN"],
});

/** A module with one SIMD instruction. */
const simdProbe = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0xfd, 98, 11]);

/** The parts of tfjs-backend-wasm 4.22 that are used. */
interface WasmStore {
  readonly wasm: { _malloc(bytes: number): number; _free(address: number): void; readonly asm: { readonly memory: WebAssembly.Memory } };
  readonly dataIdMap: { get(id: object): { memoryOffset: number } };
  write(values: null, shape: number[], dtype: string): object;
  incRef(id: object): void;
}

async function load(): Promise<LoadedBackend> {
  const { tf } = await loadTensorflow();
  await import("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  await tf.ready();
  const store = tf.engine().findBackend("wasm") as unknown as WasmStore;
  store.wasm._free(store.wasm._malloc(16)); // the first call replaces the property by the function itself
  const malloc = store.wasm._malloc;
  // It answers 0 when memory is full, and the backend would go on writing at address 0. Rounded up to 16 bytes and 16 more: vectors may end beyond the data.
  store.wasm._malloc = (bytes) => {
    const address = malloc(bytes + 31 - ((bytes + 15) % 16)) >>> 0;
    if (address === 0) throw new OutOfMemory(bytes);
    return address;
  };
  const address = (tensor: Tensor): number => store.dataIdMap.get(tensor.dataId).memoryOffset;
  const module = createKernels({ memory: store.wasm.asm.memory, malloc: (bytes) => store.wasm._malloc(bytes), free: (at) => store.wasm._free(at) });
  const memory = wasmMemory(tf, store, address);
  return { tf, name: "wasm", memory, kernels: Object.fromEntries(Object.entries(wasmKernels).map(([op, make]) => [op, make({ module, address, memory })])) };
}

function wasmMemory(tf: Tf, store: WasmStore, address: (tensor: Tensor) => number): HostMemory {
  const engine = tf.engine();
  const heap = store.wasm.asm.memory;
  return {
    allocate(shape, dtype) {
      return engine.makeTensorFromDataId(store.write(null, [...shape], dtype), [...shape], dtype, store as never) as Tensor;
    },
    alias(tensor, shape) {
      store.incRef(tensor.dataId);
      return engine.makeTensorFromDataId(tensor.dataId, [...shape], tensor.dtype, store as never) as Tensor;
    },
    view: (tensor) => (tensor.dtype === "int32" ? new Int32Array(heap.buffer, address(tensor), sizeOf(tensor.shape)) : new Float32Array(heap.buffer, address(tensor), sizeOf(tensor.shape))),
    release: (tensor) => tensor.dispose(),
  };
}
