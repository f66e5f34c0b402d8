// The rate of a step: base times the schedule's factor; without a base (Adafactor's relative steps) the factor alone.

import { expect, test } from "vitest";
import { rateOf } from "../../runtime/training/loop.ts";
import { codes, checkText, planOf } from "../harness/compiling.ts";
import { smallSpec } from "../harness/small-spec.ts";

const withOptimizer = (call: string) => smallSpec.replace("let rate = 1e-3\n", "").replace("adamw(lr: rate)", call).replace(/pretrain wider.*\n/, "");
const rates = (call: string) => {
  const plan = planOf(withOptimizer(`${call}\n  schedule: linear(warmup: 2 steps)`));
  return [1, 2, 3, 7].map((step) => rateOf(plan, step, 10));
};

test("with and without `lr`", () => {
  expect(rates("adafactor(lr: 1e-2)")).toEqual([0, 0.005, 0.01, 0.005]);
  expect(rates("adafactor(relative_step: on)")).toEqual([0, 0.5, 1, 0.5]);
});

test("the plan without `lr` compiles to itself from its own spec", () => {
  const plan = planOf(withOptimizer("adafactor(relative_step: on, beta1: 0.9)"));
  expect(planOf(plan.spec).hash).toBe(plan.hash);
});

test("what does not go together is reported", () => {
  expect(codes(checkText(withOptimizer("adafactor(lr: 1e-2, relative_step: on)")))).toEqual(["PT3023 18:14"]);
  expect(codes(checkText(withOptimizer("adafactor()")))).toEqual(["PT3023 18:14"]);
});
