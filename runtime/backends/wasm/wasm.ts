// wasm: TensorFlow.js's WebAssembly backend keeps the tensors; the kernels beside this file work on its heap.

import { setFlagsFromString } from "node:v8";
import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import { sizeOf } from "../../../compiler/graph/node.ts";
import { defineBackend, OutOfMemory } from "../define.ts";
import type { HostMemory, LoadedBackend } from "../define.ts";
import { loadTensorflow } from "../_tensorflow.ts";
import type { Body } from "./assembler.ts";
import { createAssembler, v } from "./assembler.ts";
import { groupedKernels } from "./grouped.ts";
import { wasmKernels } from "./kernels.ts";
import { createKernels } from "./module.ts";

let loaded: Promise<LoadedBackend> | null = null;

export const wasm = defineBackend({
  word: "wasm",
  doc: "WebAssembly with SIMD, one thread: runs everywhere that Node runs",
  available: async () => (hasSimd() ? null : "this Node has no WebAssembly SIMD; Node 20 or later has"),
  load: () => (loaded ??= load()),
  tolerance: 2e-5,
  kernels: [wasmKernels, groupedKernels].flatMap(Object.keys),
  missing: ["UnsortedSegmentSum", "Einsum", "IsNaN"],
});

function probe(build: (body: Body) => void): boolean {
  const assembler = createAssembler();
  assembler.define("probe", [], build);
  return WebAssembly.validate(assembler.bytes());
}

const hasSimd = (): boolean => probe((b) => b.let("v128", v.add(v.of(1), v.of(2))));
const hasFused = (): boolean => probe((b) => b.let("v128", v.fused(v.of(1), v.of(2), v.of(3))));

/** Node 20 has fused multiply-add behind a flag that can be set while it runs, later ones without. */
function enableFused(): boolean {
  if (hasFused()) return true;
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  return hasFused();
}

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
  await withoutListeners(async () => {
    await tf.setBackend("wasm");
    await tf.ready();
  });
  const store = tf.engine().findBackend("wasm") as unknown as WasmStore;
  store.wasm._free(store.wasm._malloc(16)); // the first call replaces the property by the function itself
  const malloc = store.wasm._malloc;
  // It answers 0 when memory is full, and the backend would go on writing at address 0. Rounded up to 16 bytes and 16 more: vectors may end beyond the data.
  store.wasm._malloc = (bytes) => {
    // An address has 32 bits; more would wrap around to a small request.
    const address = bytes > 0xfff00000 ? 0 : malloc(bytes + 31 - ((bytes + 15) % 16)) >>> 0;
    if (address === 0) throw new OutOfMemory(bytes);
    return address;
  };
  const address = (tensor: Tensor): number => store.dataIdMap.get(tensor.dataId).memoryOffset;
  const module = createKernels({ memory: store.wasm.asm.memory, malloc: (bytes) => store.wasm._malloc(bytes), free: (at) => store.wasm._free(at) }, enableFused());
  const memory = wasmMemory(tf, store, address);
  return { tf, name: "wasm", memory, kernels: Object.fromEntries(Object.entries({ ...wasmKernels, ...groupedKernels }).map(([op, make]) => [op, make({ module, address, memory })])) };
}

/** Emscripten's module listens to uncaught exceptions of the whole process, which changes how a program ends: what it added goes. */
async function withoutListeners(body: () => Promise<void>): Promise<void> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  await body();
  events.forEach((event, k) => {
    for (const listener of process.listeners(event as "uncaughtException")) if (!before[k].includes(listener)) process.removeListener(event, listener);
  });
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
