// adafactor: first steps by hand, what is kept, and which arguments do not go together.

import { describe, expect, it } from "vitest";
import { adafactor } from "../../compiler/optimizers/adafactor.ts";
import { expectClose } from "../graph/values.ts";
import { train } from "./golden.ts";

const plain = { clip: false, decay: "everything", variant: "transformers", relative_step: false, warmup_init: false, scale_parameter: false, clip_threshold: 1, decay_rate: 0.8, beta1: 0, weight_decay: 0 };

describe("adafactor", () => {
  it("steps by the sign at first, for a matrix of rank one", () => {
    // At t = 1 the means are those of this gradient alone: g² = r c / mean r exactly where g is a product of a row and a column.
    const { trajectory } = train(adafactor, plain, { w: [[1, 1], [1, 1]] }, [{ w: [[2, -4], [1, -2]] }], 0.1);
    expectClose(trajectory[0].w, [0.9, 1.1, 0.9, 1.1], 1e-14);
  });

  it("clips the direction by its root mean square, and keeps the second moment whole for a vector", () => {
    // t = 2: s = 2^−0.8, v = (1 − s) 1 + s 9; u = 3 / √v > 1, clipped to 1.
    const { trajectory } = train(adafactor, plain, { b: [0] }, [{ b: [1] }, { b: [3] }], 0.1);
    expectClose([trajectory[0].b[0], trajectory[1].b[0]], [-0.1, -0.2], 1e-14);
    const s = 2 ** -0.8;
    const loose = train(adafactor, { ...plain, clip_threshold: 10 }, { b: [0] }, [{ b: [1] }, { b: [3] }], 0.1).trajectory;
    expectClose([loose[1].b[0]], [-0.1 - (0.1 * 3) / Math.sqrt(1 - s + 9 * s)], 1e-14);
  });

  it("scales by the weights, by relative steps and by the warm-up", () => {
    const first = (args: object, rate: number) => 4 - train(adafactor, { ...plain, ...args }, { b: [4] }, [{ b: [1] }], rate).trajectory[0].b[0];
    expect(first({ scale_parameter: true }, 0.1)).toBeCloseTo(0.4, 14);
    expect(first({ relative_step: true }, 1)).toBeCloseTo(0.01, 14);
    expect(first({ relative_step: true }, 0.5)).toBeCloseTo(0.005, 14);
    expect(first({ relative_step: true, warmup_init: true }, 1)).toBeCloseTo(1e-6, 14);
    expect(first({ weight_decay: 0.25 }, 0.1)).toBeCloseTo(0.1 + 4 * 0.025, 14);
    expect(first({ beta1: 0.75 }, 0.1)).toBeCloseTo(0.025, 14);
  });

  it("does not divide by zero where a gradient is zero, in either form", () => {
    for (const variant of ["transformers", "torch"]) {
      const { trajectory } = train(adafactor, { ...plain, variant, scale_parameter: true }, { w: [[1, 2]], b: [3] }, [{ w: [[0, 0]], b: [0] }], 0.1);
      expect(trajectory[0]).toEqual({ w: [1, 2], b: [3] });
    }
  });

  it("keeps a row and a column for a matrix", () => {
    expect(adafactor.state(plain, [2, 3, 4])).toEqual({ row: { shape: [2, 3], value: 0 }, column: { shape: [2, 4], value: 0 } });
    expect(adafactor.state({ ...plain, beta1: 0.9 }, [5])).toEqual({ square: { shape: [5], value: 0 }, mean: { shape: [5], value: 0 } });
  });

  it("says which arguments do not go together", () => {
    const problem = (args: object) => adafactor.problem?.({ ...plain, ...args } as never) ?? null;
    expect(problem({ lr: 1e-3 })).toBeNull();
    expect(problem({ relative_step: true })).toBeNull();
    expect(problem({})).toMatch(/needs `lr`/);
    expect(problem({ lr: 1e-3, relative_step: true })).toMatch(/without `lr`/);
    expect(problem({ lr: 1e-3, warmup_init: true })).toMatch(/needs `relative_step: on`/);
    expect(problem({ lr: 1e-3, scale_parameter: true, variant: "torch" })).toBeNull();
    expect(problem({ lr: 1e-3, scale_parameter: true, variant: "torch", beta1: 0.9 })).toMatch(/torch/);
    expect(problem({ lr: 1e-3, beta1: 1 })).toMatch(/below 1/);
  });
});
