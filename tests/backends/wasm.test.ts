// The WebAssembly kernels at sizes that cross their blocks and strips; the ops' samples are small.

import { beforeAll, describe, expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Builder } from "../../compiler/graph/builder-types.ts";
import type { Shape, ValueId } from "../../compiler/graph/node.ts";
import { and, compare, key, query } from "../../compiler/masks/define.ts";
import { randomStream } from "../../compiler/random.ts";
import { createKernels } from "../../runtime/backends/wasm/module.ts";
import type { KernelModule, WasmHeap } from "../../runtime/backends/wasm/module.ts";
import { openSession } from "../../runtime/session.ts";

/** A heap that only grows. */
function bumpHeap(): WasmHeap {
  const memory = new WebAssembly.Memory({ initial: 400 });
  let top = 64;
  return { memory, free: () => {}, malloc: (bytes) => (top += (bytes + 63) & ~63) - ((bytes + 63) & ~63) };
}

describe.each([false, true])("matrix products, fused %s", (fused) => {
  let heap: WasmHeap;
  let module: KernelModule;
  beforeAll(async () => {
    await openSession("wasm"); // turns relaxed SIMD on where it has a flag
    heap = bumpHeap();
    module = createKernels(heap, fused);
  });
  const cases = [[1, 1, 1], [4, 8, 8], [5, 3, 9], [7, 13, 17], [65, 300, 24], [3, 0, 5], [70, 260, 520]] as const;
  test.each(cases)("%i × %i × %i, all transpositions, accumulating and with bias", (rows, depth, columns) => {
    const random = randomStream(1, "gemm", rows, depth);
    const area = (count: number): number => heap.malloc(4 * count + 64);
    const [a, b, c, bias] = [area(rows * depth), area(depth * columns), area(rows * columns), area(columns)];
    module.multiply({ at: a, rowStride: 4, columnStride: 4 * rows }, { at: b, rowStride: 4, columnStride: 4 * depth }, c, 4 * columns, rows, columns, depth);
    const floats = module.heap();
    for (const [at, count] of [[a, rows * depth], [b, depth * columns], [bias, columns]]) for (let k = 0; k < count; k++) floats[at / 4 + k] = random.normal();
    for (const ta of [false, true]) {
      for (const tb of [false, true]) {
        for (const mode of ["set", "accumulate", "bias"]) {
          const A = ta ? { at: a, rowStride: 4, columnStride: 4 * rows } : { at: a, rowStride: 4 * depth, columnStride: 4 };
          const B = tb ? { at: b, rowStride: 4, columnStride: 4 * depth } : { at: b, rowStride: 4 * columns, columnStride: 4 };
          floats.fill(0.5, c / 4, c / 4 + rows * columns);
          module.multiply(A, B, c, 4 * columns, rows, columns, depth, mode === "accumulate", mode === "bias" ? bias : 0);
          for (let i = 0; i < rows; i++) {
            for (let j = 0; j < columns; j++) {
              let sum = mode === "accumulate" ? 0.5 : mode === "bias" ? floats[bias / 4 + j] : 0;
              for (let k = 0; k < depth; k++) sum += floats[(a + i * A.rowStride + k * A.columnStride) / 4] * floats[(b + k * B.rowStride + j * B.columnStride) / 4];
              if (Math.abs(sum - floats[c / 4 + i * columns + j]) > 2e-4) expect.fail(`[${i}, ${j}] ${ta} ${tb} ${mode}: ${floats[c / 4 + i * columns + j]} instead of ${sum}`);
            }
          }
        }
      }
    }
  });
});

/** All outputs of a graph on cpu and on wasm from the same random inputs. */
async function compareBackends(build: (b: Builder, input: (name: string, shape: Shape, values?: (k: number) => number) => ValueId) => readonly ValueId[]): Promise<void> {
  const b = createBuilder();
  const feeds = new Map<string, Float32Array | Int32Array>();
  const outputs = build(b, (name, shape, values) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const random = randomStream(2, "input", 0, name);
    feeds.set(name, values ? Int32Array.from({ length: size }, (_, k) => values(k)) : Float32Array.from({ length: size }, () => random.normal()));
    return b.input(name, { shape, dtype: values ? "int32" : "float32" });
  });
  outputs.forEach((value, k) => b.output(`out${k}`, value));
  const graph = b.finish();
  const [cpu, wasm] = [await openSession("cpu"), await openSession("wasm")];
  const [expected, actual] = [cpu.program(graph).run(feeds), wasm.program(graph).run(feeds)];
  for (const [name, handle] of expected) {
    const [x, y] = [await cpu.read(handle), await wasm.read(actual.get(name)!)];
    let largest = 1e-6;
    for (const value of x) largest = Math.max(largest, Math.abs(value));
    x.forEach((value, k) => Math.abs(value - y[k]) <= 2e-5 * largest || expect.fail(`${name}[${k}]: ${y[k]} instead of ${value}`));
  }
  cpu.dispose(expected.values());
  wasm.dispose(actual.values());
}

const causal = compare(key, "<=", query);
const window = and(causal, compare(query, "<", { kind: "arithmetic", operator: "+", left: key, right: { kind: "number", value: 9 } }));

test.each([
  ["causal", causal, 0, 2], ["causal, dropout", causal, 0.3, 4], ["window", window, 0, 4], ["documents", and(causal, { kind: "document" } as const), 0.2, 1],
] as const)("attention over several strips: %s", async (_, mask, rate, groups) => {
  const [B, T, H, W] = [2, 77, 4, 6];
  await compareBackends((b, input) => {
    const attributes = { heads: H, kv_heads: groups, scale: 0.4, mask, dropout: rate, site: 3 };
    const [q, k, v] = [input("q", [B, T, H * W]), input("k", [B, T, groups * W]), input("v", [B, T, groups * 5])];
    const bias = input("bias", [H, T, T]);
    const real = input("real", [B, T], (at) => Number(at % T < 70));
    const documents = input("documents", [B, T], (at) => Math.floor((at % T) / 30));
    const random = input("random", [4], (at) => [7, 1, 3, 40][at]);
    const rest = [bias, real, documents, null, null, null, random] as const;
    const [out, log_sum] = b.attention(q, k, v, ...rest, attributes);
    return [out, log_sum, ...b.attention_gradient(q, k, v, out, log_sum, input("dout", [B, T, H * 5]), ...rest, attributes)];
  });
});

test("norms, losses, activations and dropout over many rows", async () => {
  await compareBackends((b, input) => {
    const [R, D, V] = [150, 36, 131];
    const [x, w, bias, dy] = [input("x", [R, D]), input("w", [D]), input("b", [D]), input("dy", [R, D])];
    const [y, mean, deviation] = b.layernorm(x, w, bias, { eps: 1e-5 });
    const [logits, targets, weights] = [input("logits", [R, V]), input("targets", [R], (k) => k % V), b.square(input("weights", [R]))];
    const [loss, log_sum] = b.cross_entropy(logits, targets, weights);
    const random = input("random", [4], (k) => k);
    return [
      y, mean, deviation, ...b.layernorm_gradient(x, w, mean, deviation, dy), loss, log_sum, b.cross_entropy_gradient(logits, targets, weights, log_sum, input("dloss", [])),
      b.sum_to(x, { shape: [D] }), b.sum_to(logits, { shape: [V] }), b.dropout(x, random, { rate: 0.25, site: 9 }),
      ...["gelu", "gelu_tanh", "silu", "quick_gelu", "relu"].flatMap((activation) => [b.activate(logits, { activation }), b.activate_gradient(x, dy, { activation })]),
    ];
  });
});
