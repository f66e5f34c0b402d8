// adamw: a step by hand, and torch's trajectories.

import { describe, expect, it } from "vitest";
import { adamw } from "../../compiler/optimizers/adamw.ts";
import { expectClose } from "../graph/values.ts";
import { expectTrajectory, golden, goldensMissing, reason, train } from "./golden.ts";

const plain = { clip: false, decay: "everything", betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0 };

describe("adamw", () => {
  it("does the first step by hand", () => {
    // m = 0.1 g, v = 0.001 g², both corrected to g and g²: the step is rate · g / (|g| + ε), after p (1 − 0.1 · 0.5).
    const { trajectory } = train(adamw, { ...plain, weight_decay: 0.5 }, { w: [[2, -1]] }, [{ w: [[3, -0.25]] }], 0.1);
    expectClose(trajectory[0].w, [2 * 0.95 - 0.1 * (3 / (3 + 1e-8)), -0.95 + 0.1 * (0.25 / (0.25 + 1e-8))], 1e-14);
  });

  it("decays matrices alone unless told otherwise", () => {
    const still = [{ w: [[0]], b: [0] }];
    const args = { ...plain, weight_decay: 0.5 };
    const start = { w: [[2]], b: [2] };
    expect(train(adamw, { ...args, decay: "matrices" }, start, still, 0.1).trajectory[0]).toEqual({ w: [1.9], b: [2] });
    expect(train(adamw, args, start, still, 0.1).trajectory[0]).toEqual({ w: [1.9], b: [1.9] });
  });

  it("says that a beta of 1 makes no sense", () => {
    expect(adamw.problem?.({ ...plain })).toBeNull();
    expect(adamw.problem?.({ ...plain, betas: [0.9, 1] })).toMatch(/below 1/);
  });
});

describe.skipIf(goldensMissing)(`adamw against torch${reason}`, () => {
  it.each(["adamw", "adam"])("%s.json", (name) => {
    const { settings, trajectory } = golden(name);
    expectTrajectory(adamw, { ...plain, ...settings }, trajectory);
  });

  it("clip_grad_norm.json, before every step", () => {
    const { settings: { max_norm, ...settings }, trajectory } = golden("clip_grad_norm").adamw;
    expectTrajectory(adamw, { ...plain, ...settings, clip: max_norm }, trajectory);
  });
});
