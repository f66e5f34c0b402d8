// Position schemes that bias scores, against tables worked out by hand; shared tables of a `let`.

import { expect, test } from "vitest";
import { bucketOf } from "../../compiler/ops/_buckets.ts";
import { evaluateOp } from "../harness/evaluate-op.ts";
import { architectureOf } from "../harness/model-values.ts";
import { instancesOf, weightsOf } from "../../compiler/architecture.ts";

test("buckets of T5: each near distance its own, then wider ones, the last for all that is beyond", () => {
  const causal = { buckets: 8, distance: 16, bidirectional: false, queries: 1, keys: 1 };
  // 4 exact buckets; then 4 log-spaced ones up to 16: edges at 4, 5.66, 8, 11.3.
  expect([0, -1, -2, -3, -4, -5, -6, -7, -8, -11, -12, -16, -100].map((relative) => bucketOf(relative, causal))).toEqual([0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7]);
  expect(bucketOf(5, causal), "what comes after is distance 0").toBe(0);
  const both = { ...causal, bidirectional: true };
  expect([-1, 0, 1, 2, 3, 100].map((relative) => bucketOf(relative, both))).toEqual([1, 0, 5, 6, 6, 7]);
});

test("relative_bias: one number a head and bucket", () => {
  const weight = { shape: [4, 2], values: [0, 10, 1, 11, 2, 12, 3, 13] };
  const attributes = { buckets: 4, distance: 8, bidirectional: false, queries: 2, keys: 3 };
  // Queries stand at 1 and 2: distances 1, 0, 0 and 2, 1, 0.
  const [bias] = evaluateOp("relative_bias", { weight, offset: { shape: [], values: [1], dtype: "int32" } }, attributes);
  expect(Array.from(bias)).toEqual([1, 0, 0, 2, 1, 0, 11, 10, 10, 12, 11, 10]);
});

test("alibi: slopes of two heads are 1/16 and 1/256", () => {
  const [bias] = evaluateOp("alibi", {}, { heads: 2, queries: 2, keys: 2 });
  expect(Array.from(bias)).toEqual([-0, -1 / 16, -1 / 16, -0, -0, -1 / 256, -1 / 256, -0]);
});

test("a scheme in a `let` is one table; written in place each layer has its own", () => {
  const names = (text: string): string[] => [...weightsOf(instancesOf(architectureOf(text), []))].map(({ name }) => name).filter((name) => name.includes("bias"));
  const attention = (positions: string): string => `residual { attention(2, mask: full, positions: ${positions}, bias: off) }`;
  expect(names(`model m { encoder { let bias = relative_bias embed: tokens(3, 4) repeat 2 { ${attention("bias")} } } }`)).toEqual(["encoder.bias.weight"]);
  expect(names(`model m { encoder { let bias_a = relative_bias let bias_b = relative_bias embed: tokens(3, 4) repeat 4 { ${attention("cycle(bias_a, bias_b)")} } } }`), "in turn").toEqual(["encoder.bias_a.weight", "encoder.bias_b.weight"]);
  expect(names(`model m { encoder { embed: tokens(3, 4) repeat 2 { ${attention("relative_bias(buckets: 8)")} } } }`)).toEqual(["encoder.layers.0.attention.relative_bias.weight", "encoder.layers.1.attention.relative_bias.weight"]);
});
