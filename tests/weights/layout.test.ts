// Layouts: hand-computed values, and back again.

import fc from "fast-check";
import { expect, test } from "vitest";
import { leavesOf } from "../../compiler/weights/account.ts";
import type { Ours } from "../../compiler/weights/define.ts";
import { equivalentShapes, joinOurs, shapeOfOurs, splitTheirs, type Tensor, type Values } from "../../compiler/weights/layout.ts";
import { sizeOf } from "../../compiler/graph/node.ts";

const name = (pattern: string): Ours => ({ kind: "name", pattern });
const transposed = (of: Ours): Ours => ({ kind: "transposed", of });
const concat = (...parts: Ours[]): Ours => ({ kind: "concat", parts });

const numbers = (double: boolean, length: number, value: () => number): Values => (double ? Float64Array.from({ length }, value) : Float32Array.from({ length }, value));

test("q and k side by side, [in, out] in the file", () => {
  // q = [[1, 2], [3, 4]], k = [[5, 6]]: y = x Wᵀ, so the file's columns are our rows.
  const tensors: Record<string, Tensor> = { q: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, k: { shape: [1, 2], data: Float32Array.of(5, 6) } };
  const ours = transposed(concat(name("q"), name("k")));
  const theirs = joinOurs(ours, (key) => tensors[key]);
  expect(theirs).toEqual({ shape: [2, 3], data: Float32Array.of(1, 3, 5, 2, 4, 6) });
  expect(Object.fromEntries(splitTheirs(ours, theirs.data, (key) => tensors[key].shape))).toEqual(tensors);
});

test("shapes that do not fit together are none", () => {
  const shapes: Record<string, number[]> = { a: [2, 3], b: [4, 3], c: [4, 2], d: [5] };
  const shapeOf = (key: string): number[] => shapes[key];
  expect(shapeOfOurs(concat(name("a"), name("b")), shapeOf)).toEqual([6, 3]);
  expect(shapeOfOurs(concat(name("a"), name("c")), shapeOf)).toBeNull();
  expect(shapeOfOurs(transposed(name("d")), shapeOf)).toBeNull();
});

test("axes of length 1 may differ", () => {
  expect(equivalentShapes([1, 1, 8], [8])).toBe(true);
  expect(equivalentShapes([1, 4, 8], [4, 8])).toBe(true);
  expect(equivalentShapes([8, 4], [4, 8])).toBe(false);
  expect(equivalentShapes([1], [])).toBe(true);
});

test("splitting undoes joining, in float32 and float64", () => {
  const rows = fc.integer({ min: 1, max: 5 });
  fc.assert(fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), rows, fc.boolean(), fc.boolean(), fc.boolean(), (heights, width, outer, inner, double) => {
    const parts = heights.map((height, i) => ({ key: `p${i}`, shape: inner ? [width, height] : [height, width] }));
    const shapeOf = (key: string): number[] => parts.find((part) => part.key === key)!.shape;
    const joined = concat(...parts.map(({ key }) => (inner ? transposed(name(key)) : name(key))));
    const ours = outer ? transposed(joined) : joined;
    let next = 0;
    const tensors = new Map(parts.map(({ key, shape }) => [key, { shape, data: numbers(double, sizeOf(shape), () => next++) }]));
    const theirs = joinOurs(ours, (key) => tensors.get(key)!);
    expect(theirs.shape).toEqual(shapeOfOurs(ours, shapeOf));
    expect(new Map(splitTheirs(ours, theirs.data, shapeOf))).toEqual(tensors);
    expect(leavesOf(ours)).toEqual([...tensors.keys()]);
  }));
});
