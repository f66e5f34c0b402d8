// adam: steps by hand, L2 decay, and amsgrad.

import { expect, it } from "vitest";
import { adam } from "../../compiler/optimizers/adam.ts";
import { expectClose } from "../graph/values.ts";
import { train } from "./golden.ts";

const plain = { clip: false, decay: "everything", betas: [0, 0], eps: 0, amsgrad: false, weight_decay: 0 };

it("adds decay to the gradient, so that the first step has the same size with it", () => {
  // g + 0.5 · 2 = 4: without memory the step is rate · sign.
  expectClose(train(adam, { ...plain, weight_decay: 0.5 }, { w: [2] }, [{ w: [3] }], 0.1).trajectory[0].w, [1.9], 1e-15);
  // Decay alone gives a step of the whole rate.
  expectClose(train(adam, { ...plain, weight_decay: 0.5 }, { w: [2] }, [{ w: [0] }], 0.1).trajectory[0].w, [1.9], 1e-15);
});

it("divides by the largest mean square with amsgrad", () => {
  // Without memory of the gradient: first step 8/8, then 2/8 instead of 2/2.
  const { trajectory } = train(adam, { ...plain, amsgrad: true }, { w: [1] }, [{ w: [8] }, { w: [2] }], 0.1);
  expectClose(trajectory.map((step) => step.w[0]), [0.9, 0.875], 1e-15);
  expect(Object.keys(adam.state({ ...plain, amsgrad: true }, [1]))).toEqual(["mean", "square", "largest"]);
  expect(Object.keys(adam.state(plain, [1]))).toEqual(["mean", "square"]);
});
