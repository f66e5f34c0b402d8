// Norms, rope, dropout and the loss, by hand.

import { expect, test } from "vitest";
import { philox, toUnit, wordOf } from "../../compiler/random.ts";
import { expectClose } from "../harness/allclose.ts";
import { evaluateOp, float, int } from "../harness/evaluate-op.ts";

test("layernorm of (1, 3): mean 2, variance 1", () => {
  const [y, mean, deviation] = evaluateOp("layernorm", { x: float([1, 2], 1, 3), weight: float([2], 10, 20), bias: float([2], 1, 2) }, { eps: 0 });
  expect([...y, ...mean, ...deviation]).toEqual([-9, 22, 2, 1]);
  const [dx, dweight, dbias] = evaluateOp("layernorm_gradient", { x: float([1, 2], 1, 3), weight: float([2], 1, 1), mean: float([1], 2), deviation: float([1], 1), dy: float([1, 2], 5, 7) });
  expect([...dx, ...dweight, ...dbias]).toEqual([0, 0, -5, 7, 5, 7]);
});

test("rmsnorm of (3, 4, 0, 0): root mean square 2.5", () => {
  const x = float([1, 4], 3, 4, 0, 0);
  const [y, deviation] = evaluateOp("rmsnorm", { x, weight: float([4], 1, 1, 1, 1) }, { eps: 0, offset: 1 });
  expectClose([...y, ...deviation], [2.4, 3.2, 0, 0, 0.4], 1e-15, "rmsnorm");
  const [dx, dweight] = evaluateOp("rmsnorm_gradient", { x, weight: float([4], 1, 1, 1, 1), deviation: float([1], 0.4), dy: float([1, 4], 0, 0, 1, 0) }, { offset: 0 });
  expectClose([...dx, ...dweight], [0, 0, 0.4, 0, 0, 0, 0, 0], 1e-15, "rmsnorm_gradient");
});

test("rope turns the pair (i, i + W/2) by position / theta^(2i/W)", () => {
  const positions = int([1, 1], 3);
  const [y] = evaluateOp("rope", { x: float([1, 1, 4], 1, 1, 0, 0), positions }, { heads: 1, theta: 100, inverse: false });
  expectClose(y, [Math.cos(3), Math.cos(0.3), Math.sin(3), Math.sin(0.3)], 1e-14, "rope");
  const [back] = evaluateOp("rope", { x: { shape: [1, 1, 4], values: y }, positions }, { heads: 1, theta: 100, inverse: true });
  expectClose(back, [1, 1, 0, 0], 1e-14, "inverse");
});

test("dropout keeps what its counters say, wherever the batch is split", () => {
  const [rate, size] = [0.3, 6];
  const run = (examples: number, first: number): number[] => [...evaluateOp("dropout", { x: { shape: [examples, 2, 3], values: new Float64Array(examples * size).fill(1) }, random: int([4], 12, -1, 5, first) }, { rate, site: 77 })[0]];
  const words = new Uint32Array(4);
  const expected = Array.from({ length: 3 * size }, (_, i) => {
    philox(Math.floor((i % size) / 4), 4 + Math.floor(i / size), 5, 77, 12, -1 ^ wordOf("dropout"), words);
    return toUnit(words[(i % size) % 4]) >= rate ? 1 / (1 - rate) : 0;
  });
  expect(run(3, 4)).toEqual(expected);
  expect([...run(1, 4), ...run(2, 5)]).toEqual(expected);
});

test("dropout keeps about 1 - rate", () => {
  const [y] = evaluateOp("dropout", { x: { shape: [1, 100_000], values: new Float64Array(100_000).fill(1) }, random: int([4], 1, 2, 3, 4) }, { rate: 0.1, site: 0 });
  expect(y.filter((value) => value > 0).length / y.length).toBeCloseTo(0.9, 2);
});

test("cross entropy of two equal logits is ln 2; rows without weight hold any target", () => {
  const inputs = { logits: float([3, 2], 0, 0, 5, 5, 1, 2), targets: int([3], 0, 1, -100), weights: float([3], 1, 0.5, 0) };
  const [loss, log_sum] = evaluateOp("cross_entropy", inputs);
  expectClose(loss, [1.5 * Math.LN2], 1e-15, "loss");
  expectClose(log_sum, [Math.LN2, 5 + Math.LN2, 0], 1e-15, "log_sum");
  const [dlogits] = evaluateOp("cross_entropy_gradient", { ...inputs, log_sum: { shape: [3], values: log_sum }, dloss: float([], 2) });
  expectClose(dlogits, [-1, 1, 0.5, -0.5, 0, 0], 1e-14, "dlogits");
});

test("divergence of softened softmaxes, times T²; rows without weight cost nothing", () => {
  // At T = 2 the student says (1/2, 1/2) and the teacher (3/4, 1/4).
  const inputs = { logits: float([2, 2], 1, 1, 9, -9), teacher_logits: float([2, 2], 2 * Math.log(3), 0, -9, 9), weights: float([2], 0.5, 0) };
  const [sum, log_sum, teacher_log_sum] = evaluateOp("kl_divergence", inputs, { temperature: 2 });
  expectClose(sum, [0.5 * 4 * (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5))], 1e-14, "sum");
  expectClose([...log_sum, ...teacher_log_sum], [0.5 + Math.LN2, 0, Math.log(4), 0], 1e-14, "log_sum");
  const [dlogits] = evaluateOp("kl_divergence_gradient", { ...inputs, log_sum: { shape: [2], values: log_sum }, teacher_log_sum: { shape: [2], values: teacher_log_sum }, dsum: float([], 3) }, { temperature: 2 });
  // 3 · 0.5 · T · (q − p)
  expectClose(dlogits, [-0.75, 0.75, 0, 0], 1e-14, "dlogits");
  expectClose(evaluateOp("kl_divergence", { ...inputs, teacher_logits: inputs.logits }, { temperature: 2 })[0], [0], 1e-14, "of itself");
});
