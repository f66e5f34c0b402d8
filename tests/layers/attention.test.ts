// The attention layer with softcap and qk_norm (Gemma 2 and 3) against its formula, written out: projections, an rmsnorm over each
// head, scaled scores bounded by the cap, softmax, output.

import { describe, expect, test } from "vitest";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { masks } from "../../compiler/masks/index.ts";
import { callModel } from "../../compiler/model-call.ts";
import { forwardGraph } from "../../compiler/show.ts";
import { expectClose } from "../harness/allclose.ts";
import { checkText } from "../harness/compiling.ts";
import { normals } from "../harness/random.ts";
import { naiveAttention } from "../ops/naive-attention.ts";

const [T, D, H, G, W] = [7, 8, 4, 2, 6];

/** The stream after `attention(…)` over 11 tokens, and the inputs by name. */
function run(options: string): { y: Float64Array; inputs: Map<string, Float64Array | Int32Array> } {
  const result = checkText(`model sample { decoder { embed: tokens(11, ${D}) attention(${H}, mask: causal, kv_heads: ${G}, head_width: ${W}${options}) } }\n`);
  expect(result.diagnostics).toEqual([]);
  const called = callModel("sample", result);
  if ("diagnostics" in called) throw new Error(called.diagnostics[0].message);
  const graph = forwardGraph(called.architecture, [], T);
  const inputs = new Map(Object.entries(graph.inputs).map(([name, value], i) => {
    const { shape, dtype } = graph.values[value];
    return [name, dtype === "int32" ? Int32Array.from({ length: sizeOf(shape) }, (_, t) => (name.includes("position") ? t : (t * 5 + 2) % 11)) : normals(sizeOf(shape), i + 1)] as const;
  }));
  return { y: evaluateGraph(graph, inputs).get("decoder") as Float64Array, inputs };
}

function formula(inputs: Map<string, Float64Array | Int32Array>, { softcap, qk_norm }: { softcap?: number; qk_norm?: boolean }): Float64Array {
  const named = (ending: string): Float64Array => [...inputs].find(([name]) => name.endsWith(ending))![1] as Float64Array;
  const ids = [...inputs.values()].find((values) => values instanceof Int32Array)!;
  const table = named("tokens.weight");
  const x = Float64Array.from({ length: T * D }, (_, i) => table[ids[Math.floor(i / D)] * D + (i % D)]);
  const linear = (from: Float64Array, width: number, name: string, out: number): Float64Array =>
    Float64Array.from({ length: T * out }, (_, i) => named(`${name}.weight`).subarray((i % out) * width, (i % out) * width + width).reduce((sum, w, j) => sum + w * from[Math.floor(i / out) * width + j], named(`${name}.bias`)[i % out]));
  const normed = (y: Float64Array, name: string): Float64Array => {
    if (!qk_norm) return y;
    return y.map((value, i) => {
      const head = y.subarray(i - (i % W), i - (i % W) + W);
      return (value / Math.sqrt(head.reduce((sum, v) => sum + v * v, 0) / W + 1e-6)) * named(`${name}_norm.weight`)[i % W];
    });
  };
  const { out } = naiveAttention(
    { B: 1, T, S: T, W, V: W, query: normed(linear(x, D, "query", H * W), "query"), key: normed(linear(x, D, "key", G * W), "key"), value: linear(x, D, "value", G * W), dout: new Float64Array(T * H * W) },
    { heads: H, kv_heads: G, scale: W ** -0.5, mask: masks.causal.predicate({}), dropout: 0, site: 0, ...(softcap ? { softcap } : {}) },
  );
  return linear(out, H * W, "output", D);
}

describe("attention", () => {
  for (const [options, values] of [["", {}], [", softcap: 1.5", { softcap: 1.5 }], [", qk_norm: on", { qk_norm: true }], [", qk_norm: on, softcap: 50", { qk_norm: true, softcap: 50 }]] as const) {
    test(`${options || "plain"} is its formula`, () => {
      const { y, inputs } = run(options);
      expectClose(y, formula(inputs, values), 1e-12, "y");
    });
  }

  test("the cap and the norms change what comes out", () => {
    const plain = run("");
    expect([...run(", softcap: 1.5").y]).not.toEqual([...plain.y]);
    expect([...run(", softcap: 1e9").y].every((value, i) => Math.abs(value - plain.y[i]) < 1e-6)).toBe(true);
    const names = [...run(", qk_norm: on").inputs].filter(([name]) => name.includes("_norm")).map(([name, data]) => [name.split(".").slice(-2).join("."), data.length]);
    expect(names).toEqual([["query_norm.weight", W], ["key_norm.weight", W]]);
  });
});
