// Elementwise ops, reductions and scalars by hand.

import { expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { expectClose } from "../harness/allclose.ts";
import { evaluateOp, float, int } from "../harness/evaluate-op.ts";

const x = float([2, 3], 1, 2, 3, 4, 5, 6);
const y = float([3], 1, 2, 4);

test("the second operand is repeated over the leading axes", () => {
  expect([...evaluateOp("add", { x, y })[0]]).toEqual([2, 4, 7, 5, 7, 10]);
  expect([...evaluateOp("subtract", { x, y })[0]]).toEqual([0, 0, -1, 3, 3, 2]);
  expect([...evaluateOp("multiply", { x, y })[0]]).toEqual([1, 4, 12, 4, 10, 24]);
  expect([...evaluateOp("divide", { x, y })[0]]).toEqual([1, 1, 0.75, 4, 2.5, 1.5]);
  expect([...evaluateOp("divide", { x, y: float([], 2) })[0]]).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
});

test("operands that do not end each other are a bug of the caller", () => {
  const b = createBuilder();
  const left = b.input("x", { shape: [2, 3], dtype: "float32" });
  const right = b.input("y", { shape: [2], dtype: "float32" });
  expect(() => b.add(left, right)).toThrow("add: [2] does not end [2,3]");
});

test("scale, shift, square, square_root", () => {
  expect([...evaluateOp("scale", { x: y }, { factor: -2 })[0]]).toEqual([-2, -4, -8]);
  expect([...evaluateOp("shift", { x: y }, { by: 0.5 })[0]]).toEqual([1.5, 2.5, 4.5]);
  expect([...evaluateOp("square", { x: y })[0]]).toEqual([1, 4, 16]);
  expect([...evaluateOp("square_root", { x: y })[0]]).toEqual([1, Math.SQRT2, 2]);
});

test("activate and its gradient", () => {
  expect([...evaluateOp("activate", { x: float([3], -1, 0, 2) }, { activation: "squared_relu" })[0]]).toEqual([0, 0, 4]);
  expect([...evaluateOp("activate_gradient", { x: float([3], -1, 0, 2), dy: float([3], 5, 5, 5) }, { activation: "squared_relu" })[0]]).toEqual([0, 0, 20]);
  expect(() => evaluateOp("activate", { x }, { activation: "swiglu" })).toThrow("no activation `swiglu`");
});

test("sum_to and broadcast_to", () => {
  expect([...evaluateOp("sum_to", { x }, { shape: [3] })[0]]).toEqual([5, 7, 9]);
  expect([...evaluateOp("sum_to", { x }, { shape: [2, 1] })[0]]).toEqual([6, 15]);
  expect([...evaluateOp("sum_to", { x }, { shape: [] })[0]]).toEqual([21]);
  expect([...evaluateOp("broadcast_to", { x: float([2, 1], 7, 8) }, { shape: [2, 3] })[0]]).toEqual([7, 7, 7, 8, 8, 8]);
  expect([...evaluateOp("broadcast_to", { x: float([2], 7, 8) }, { shape: [2, 2] })[0]]).toEqual([7, 8, 7, 8]);
});

test("sums are exact to float64 however long", () => {
  const n = 100_000;
  const ones = Float64Array.from({ length: n }, () => 0.1);
  expectClose(evaluateOp("sum_of_squares", { x: { shape: [n], values: ones } })[0], [n * 0.01], 1e-11, "sum_of_squares");
  expectClose(evaluateOp("sum_to", { x: { shape: [n], values: ones } }, { shape: [] })[0], [n * 0.1], 1e-11, "sum_to");
});

test("bias_correction is accurate for a beta near 1", () => {
  expectClose(evaluateOp("bias_correction", { step: float([], 1) }, { beta: 0.999 })[0], [0.001], 1e-12, "first step");
  expectClose(evaluateOp("bias_correction", { step: float([], 2) }, { beta: 0.9 })[0], [0.19], 1e-14, "second step");
});

test("clip_factor, constant, cast_float", () => {
  expect(evaluateOp("clip_factor", { norm: float([], 4) }, { limit: 1 })[0][0]).toBe(1 / 4.000001);
  expect(evaluateOp("clip_factor", { norm: float([], 0.5) }, { limit: 1 })[0][0]).toBe(1);
  expect([...evaluateOp("constant", {}, { shape: [2], value: 3 })[0]]).toEqual([3, 3]);
  expect([...evaluateOp("cast_float", { x: int([2], 3, -4) })[0]]).toEqual([3, -4]);
});
