// A small product on the kernels that were found, before anything relies on them: a file of another version, or for another processor, is not used.

import type { Tensor } from "../../../compiler/ops/define.ts";
import type { Binding } from "./_binding.ts";
import { nativeKernels } from "./kernels.ts";
import type { NativeMemory } from "./memory.ts";

/** What is wrong with the kernels, in words; null when they compute on every instruction set that the processor has. */
export function selfTest(binding: Binding, sets: readonly string[]): string | null {
  for (const part of ["run", "allocate", "address", "set_threads", "choose", "end_at_second"] as const) if (typeof binding[part] !== "function") return `it has no \`${part}\``;
  if (!(binding.arguments instanceof Float64Array) || !Array.isArray(binding.kernels)) return "it is no file of kernels";
  const numbers = new Map(binding.kernels.map((name, number) => [name, number]));
  const missing = new Set<string>();
  const memory = { address: (tensor: Tensor) => binding.address(tensor as unknown as Float32Array) } as unknown as NativeMemory;
  const number = (name: string): number => numbers.get(name) ?? (missing.add(name), -1);
  const made = Object.fromEntries(Object.entries(nativeKernels).map(([op, make]) => [op, make({ binding, memory, number })]));
  if (missing.size) return `it is of another version: it lacks ${[...missing].join(", ")}`;
  for (const set of sets) {
    const wrong = binding.choose(set) ? product(made["matmul"], binding) : null;
    if (wrong !== null) return `${wrong} on ${set}`;
  }
  return null;
}

/** z [5, 3] = x [5, 7] · y [3, 7]ᵀ of whole numbers, which no rounding touches. */
function product(matmul: ReturnType<(typeof nativeKernels)["matmul"]>, binding: Binding): string | null {
  const [M, K, N] = [5, 7, 3];
  const info = (...shape: number[]) => ({ shape, dtype: "float32" }) as const;
  const array = (size: number, value: (i: number) => number): Float32Array => {
    const data = new Float32Array(binding.allocate(4 * size)!, 0, size);
    for (let i = 0; i < size; i++) data[i] = value(i);
    return data;
  };
  const [x, y, z] = [array(M * K, (i) => (i % 5) - 2), array(N * K, (i) => (i % 4) - 1), array(M * N, () => 77)];
  try {
    matmul({ attributes: { transpose_x: false, transpose_y: true } }, [info(M, K), info(N, K)], [info(M, N)])!([x, y] as never, [z] as never);
  } catch (error) {
    return `a product failed: ${error instanceof Error ? error.message : String(error)}`;
  }
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let expected = 0;
      for (let k = 0; k < K; k++) expected += x[m * K + k] * y[n * K + k];
      if (z[m * N + n] !== expected) return `a product came out wrong: ${z[m * N + n]} instead of ${expected}`;
    }
  }
  return null;
}
