// The rows that fill a graph's last batch: padding that takes no expert's place and counts in no loss.

import { expect, test } from "vitest";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { batchFeeds } from "../../runtime/training/feeds.ts";
import { initialParameters } from "../../runtime/training/parameters.ts";
import { planOf } from "../harness/compiling.ts";
import { normals } from "../harness/random.ts";
import { smallSpec } from "../harness/small-spec.ts";
import { batchOf } from "../objectives/plans.ts";

const plan = planOf(smallSpec.replace("mlp(4 * width, gelu)", "moe(2, width, silu, capacity: 0.7)"), { run: "small" });
const each = (of: (i: number) => number): Int32Array => Int32Array.from({ length: 2 * 16 }, (_, i) => of(i));
const batch = batchOf(2, { tokens: each((i) => (7 * i) % 256), positions: each((i) => i % 16), real: each(() => 1), last: Int32Array.of(15, 15), "lm.targets": each((i) => (7 * i + 7) % 256), "lm.weights": new Float32Array(32).fill(1) });

test("rows beyond the batch are no real tokens and weigh nothing", () => {
  const feeds = batchFeeds(plan.graphs.evaluate, batch, 0);
  expect((feeds.get("tokens") as Int32Array).length).toBe(64);
  expect([...(feeds.get("real") as Int32Array)]).toEqual([...Array(32).fill(1), ...Array(32).fill(0)]);
  expect([...(feeds.get("lm.weights") as Float32Array)]).toEqual([...Array(32).fill(1), ...Array(32).fill(0)]);
  expect([...(feeds.get("tokens") as Int32Array).subarray(48)]).toEqual([...batch.fields.get("tokens")!.data.subarray(16)]);
});

test("with a capacity the loss is that of the examples, whatever fills the batch", () => {
  const weights = new Map([...initialParameters(plan)].map(([name, { shape }]) => [name, normals(sizeOf(shape), 3, name)]));
  const lossOf = (change: (name: string, data: Int32Array | Float32Array) => void): number => {
    const feeds = new Map([...batchFeeds(plan.graphs.evaluate, batch, 0)].map(([name, data]) => {
      const copy = (data as Int32Array).slice();
      change(name, copy);
      return [name, name.endsWith("weights") ? Float64Array.from(copy) : copy] as const;
    }));
    return evaluateGraph(plan.graphs.evaluate, new Map<string, Float64Array | Int32Array>([...weights, ...feeds])).get("sum:lm")![0];
  };
  const filled = lossOf(() => {});
  expect(Number.isFinite(filled)).toBe(true);
  expect(lossOf((name, data) => name === "tokens" && data.fill(9, 32))).toBe(filled);
});
