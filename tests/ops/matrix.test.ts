// Matrix products and ops that move elements, by hand.

import { expect, test } from "vitest";
import { evaluateOp, float, int } from "../harness/evaluate-op.ts";

const x = float([2, 3], 1, 2, 3, 4, 5, 6);
const first = (name: string, inputs: Parameters<typeof evaluateOp>[1], attributes?: object): number[] => [...evaluateOp(name, inputs, attributes)[0]];

test("matmul, each transpose", () => {
  const plain = float([3, 2], 1, 0, 0, 1, 1, 1);
  expect(first("matmul", { x, y: plain }, { transpose_x: false, transpose_y: false })).toEqual([4, 5, 10, 11]);
  expect(first("matmul", { x, y: float([2, 3], 1, 0, 1, 0, 1, 1) }, { transpose_x: false, transpose_y: true })).toEqual([4, 5, 10, 11]);
  expect(first("matmul", { x: float([3, 2], 1, 4, 2, 5, 3, 6), y: plain }, { transpose_x: true, transpose_y: false })).toEqual([4, 5, 10, 11]);
  expect(first("matmul", { x: float([3, 2], 1, 4, 2, 5, 3, 6), y: float([2, 3], 1, 0, 1, 0, 1, 1) }, { transpose_x: true, transpose_y: true })).toEqual([4, 5, 10, 11]);
  expect(() => evaluateOp("matmul", { x, y: x }, { transpose_x: false, transpose_y: false })).toThrow("matmul: [2,3] and [2,3] do not fit");
});

test("linear", () => {
  expect(first("linear", { x, weight: float([2, 3], 1, 0, 1, 0, 1, 1), bias: float([2], 100, 200) })).toEqual([104, 205, 110, 211]);
});

test("reshape, transpose, slice, pad_slice, concatenate", () => {
  expect(first("reshape", { x }, { shape: [6] })).toEqual([1, 2, 3, 4, 5, 6]);
  expect(first("transpose", { x }, { permutation: [1, 0] })).toEqual([1, 4, 2, 5, 3, 6]);
  expect(first("slice", { x }, { axis: 1, start: 1, size: 2 })).toEqual([2, 3, 5, 6]);
  expect(first("pad_slice", { x: float([2, 1], 7, 8) }, { axis: 1, start: 1, size: 3 })).toEqual([0, 7, 0, 0, 8, 0]);
  expect(first("concatenate", { x, y: float([2, 1], 7, 8) }, { axis: 1 })).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
});

test("embedding and its gradient: repeats add up, the padding row gets none", () => {
  const ids = int([4], 2, 0, 2, 1);
  expect(first("embedding", { table: float([3, 2], 1, 2, 3, 4, 5, 6), ids }, { padding: 1 })).toEqual([5, 6, 1, 2, 5, 6, 3, 4]);
  expect(first("embedding_gradient", { ids, dy: float([4, 2], 1, 2, 3, 4, 5, 6, 7, 8) }, { rows: 3, padding: 1 })).toEqual([3, 4, 0, 0, 6, 8]);
  expect(first("embedding_gradient", { ids, dy: float([4, 2], 1, 2, 3, 4, 5, 6, 7, 8) }, { rows: 3, padding: null })).toEqual([3, 4, 7, 8, 6, 8]);
});

test("take and its gradient", () => {
  const index = int([2], 1, 0);
  expect(first("take", { x: float([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8), index })).toEqual([3, 4, 5, 6]);
  expect(first("take_gradient", { dy: float([2, 1], 7, 8), index }, { length: 2 })).toEqual([0, 7, 8, 0]);
});

test("cache_write", () => {
  expect(first("cache_write", { cache: float([1, 3, 1], 1, 2, 3), rows: float([1, 1, 1], 9), offset: int([], 1) })).toEqual([1, 9, 3]);
});
