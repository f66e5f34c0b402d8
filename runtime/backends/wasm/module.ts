// The kernels' module on the heap of tfjs-backend-wasm, scratch space there, and matrix products of any size.

import { createAssembler } from "./assembler.ts";
import type { GemmFunctions } from "./gemm.ts";
import { defineGemm } from "./gemm.ts";
import type { ElementwiseFunctions } from "./elementwise.ts";
import { defineElementwise } from "./elementwise.ts";
import type { DropoutFunctions } from "./dropout.ts";
import { defineDropout } from "./dropout.ts";
import type { RowFunctions } from "./rows.ts";
import { defineRows } from "./rows.ts";

/** What the kernels need of tfjs-backend-wasm. */
export interface WasmHeap {
  readonly memory: WebAssembly.Memory;
  /** Byte address, 0 when there is no memory. */
  malloc(bytes: number): number;
  free(address: number): void;
}

/** A matrix of which one stride is 4: `rowStride` bytes between rows, `columnStride` between columns. */
export interface Matrix { readonly at: number; readonly rowStride: number; readonly columnStride: number }

export type KernelFunctions = GemmFunctions & ElementwiseFunctions & RowFunctions & DropoutFunctions;

export interface KernelModule {
  readonly functions: KernelFunctions;
  /** All of the memory as floats; valid until the next allocation. */
  heap(): Float32Array;
  /** At least `bytes` of memory under a name, kept and grown between calls; content arbitrary. */
  scratch(name: string, bytes: number): number;
  /** C [rows, columns], rows `stride` bytes apart, = A [rows, depth] · B [depth, columns] (+ C, + bias [columns]). Addresses in bytes, bias 0 for none. */
  multiply(a: Matrix, b: Matrix, c: number, stride: number, rows: number, columns: number, depth: number, accumulate?: boolean, bias?: number): void;
}

/** Floats of a packed panel of A stay in the first-level cache, those of a block of B in the second. */
const rowsOfBlock = 64;
const columnsOfBlock = 512;
const depthOfBlock = 256;

export function createKernels(heap: WasmHeap, fused = false): KernelModule {
  const assembler = createAssembler();
  defineGemm(assembler, fused);
  defineElementwise(assembler);
  defineRows(assembler);
  defineDropout(assembler);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(assembler.bytes()), { env: { memory: heap.memory } });
  const functions = instance.exports as unknown as KernelFunctions;

  const areas = new Map<string, { at: number; bytes: number }>();
  const scratch = (name: string, bytes: number): number => {
    const area = areas.get(name);
    if (area && area.bytes >= bytes) return area.at;
    if (area) heap.free(area.at);
    areas.delete(name);
    const at = heap.malloc(bytes);
    areas.set(name, { at, bytes });
    return at;
  };

  return {
    functions,
    heap: () => new Float32Array(heap.memory.buffer),
    scratch,
    multiply(a, b, c, stride, rows, columns, depth, accumulate = false, bias = 0) {
      const tile = scratch("tile", 128);
      const packedA = scratch("a", 4 * rowsOfBlock * depthOfBlock);
      const packedB = scratch("b", 4 * columnsOfBlock * depthOfBlock);
      for (let column = 0; column < columns; column += columnsOfBlock) {
        const width = Math.min(columnsOfBlock, columns - column);
        for (let k = 0; k < depth || k === 0; k += depthOfBlock) {
          const part = Math.min(depthOfBlock, depth - k);
          functions.pack8(packedB, b.at + column * b.columnStride + k * b.rowStride, width, part, b.columnStride, b.rowStride);
          for (let row = 0; row < rows; row += rowsOfBlock) {
            const height = Math.min(rowsOfBlock, rows - row);
            functions.pack4(packedA, a.at + row * a.rowStride + k * a.columnStride, height, part, a.rowStride, a.columnStride);
            functions.multiply(packedA, packedB, 32 * part, c + row * stride + 4 * column, stride, height, width, part, accumulate || k > 0 ? 1 : 0, bias && k === 0 ? bias + 4 * column : 0, tile);
          }
        }
      }
    },
  };
}
