// Tensors of the native backend: arrays over aligned memory of the addon, from a pool, so that a step allocates nothing after the first.

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../compiler/graph/node.ts";
import type { DType, Shape } from "../../../compiler/graph/node.ts";
import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import type { HostMemory, View } from "../define.ts";
import { OutOfMemory } from "../define.ts";
import type { Binding } from "./_binding.ts";

export interface NativeMemory extends HostMemory {
  /** Byte address of a tensor's data. */
  address(tensor: Pick<Tensor, "dataId">): number;
  /** What a TensorFlow.js kernel returns: data that its engine makes a tensor of. */
  allocateInfo(shape: Shape, dtype: DType): TensorInfo;
}

/** The parts of tfjs-backend-cpu 4.22 that are used. */
interface Entry {
  values?: View;
  refCount: number;
}
interface Store {
  readonly data: { get(id: object): Entry; set(id: object, entry: object): void };
  incRef(id: object): void;
}

/** A piece of the addon's memory, with the array that was last made over it. */
interface Block {
  readonly buffer: ArrayBuffer;
  readonly address: number;
  readonly bytes: number;
  view: View;
}

/** Sizes are rounded up to eight steps between powers of two: tensors of nearly one size share blocks. */
function roundedBytes(bytes: number): number {
  if (bytes <= 512) return 64 * Math.max(1, Math.ceil(bytes / 64));
  const step = 2 ** (Math.floor(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

export function nativeMemory(tf: Tf, store: MathBackendCPU, binding: Binding): NativeMemory {
  const engine = tf.engine();
  const entries = store as unknown as Store;
  const pool = new Map<number, Block[]>();
  const owners = new WeakMap<View, Block>();

  const take = (size: number, dtype: "float32" | "int32"): Block => {
    const bytes = roundedBytes(4 * size);
    const found = pool.get(bytes)?.pop();
    const block = found ?? make(bytes);
    const fits = block.view.length === size && (dtype === "int32") === block.view instanceof Int32Array;
    if (!fits) {
      block.view = dtype === "float32" ? new Float32Array(block.buffer, 0, size) : new Int32Array(block.buffer, 0, size);
      owners.set(block.view, block);
    }
    return block;
  };
  const make = (bytes: number): Block => {
    let buffer = binding.allocate(bytes);
    if (!buffer) {
      pool.clear(); // what nothing uses goes back, once it is collected
      (globalThis as { gc?: () => void }).gc?.();
      buffer = binding.allocate(bytes);
    }
    if (!buffer) throw new OutOfMemory(bytes);
    const view = new Float32Array(buffer, 0, 0);
    const block = { buffer, address: binding.address(view), bytes, view };
    return block;
  };
  const allocateInfo = (shape: Shape, dtype: DType): TensorInfo => {
    const block = take(sizeOf(shape), dtype);
    const dataId = {};
    entries.data.set(dataId, { values: block.view, dtype, refCount: 1 });
    return { dataId, shape: [...shape], dtype };
  };
  return {
    allocateInfo,
    allocate: (shape, dtype) => engine.makeTensorFromDataId(allocateInfo(shape, dtype).dataId, [...shape], dtype, store) as Tensor,
    alias(tensor, shape) {
      entries.incRef(tensor.dataId);
      return engine.makeTensorFromDataId(tensor.dataId, [...shape], tensor.dtype, store) as Tensor;
    },
    view: (tensor) => entries.data.get(tensor.dataId).values as View,
    address(tensor) {
      const view = entries.data.get(tensor.dataId).values as View;
      return owners.get(view)?.address ?? binding.address(view);
    },
    release(tensor) {
      const entry = entries.data.get(tensor.dataId);
      const block = entry.values && entry.refCount === 1 ? owners.get(entry.values) : undefined;
      if (block) {
        const list = pool.get(block.bytes);
        if (list) list.push(block);
        else pool.set(block.bytes, [block]);
      }
      tensor.dispose();
    },
  };
}
