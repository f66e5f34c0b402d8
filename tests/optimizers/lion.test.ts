// lion: steps by hand.

import { expect, it } from "vitest";
import { lion } from "../../compiler/optimizers/lion.ts";
import { expectClose } from "../graph/values.ts";
import { train } from "./golden.ts";

const plain = { clip: false, decay: "everything", betas: [0.5, 0.75], weight_decay: 0 };

it("steps by the sign of a mixture of mean and gradient", () => {
  // u1 = sign(0.5 · 4), m1 = 0.25 · 4 = 1; u2 = sign(0.5 · 1 − 0.5 · 0.5) = 1, m2 = 0.625; u3 = sign(0.3125 − 0.5) = −1.
  const { trajectory } = train(lion, plain, { w: [1] }, [{ w: [4] }, { w: [-0.5] }, { w: [-1] }], 0.1);
  expectClose(trajectory.map((step) => step.w[0]), [0.9, 0.8, 0.9], 1e-15);
});

it("decays apart from the sign, and stands still where there is no gradient", () => {
  const { trajectory } = train(lion, { ...plain, decay: "matrices", weight_decay: 0.5 }, { w: [[2]], b: [2] }, [{ w: [[0]], b: [0] }], 0.1);
  expect(trajectory[0]).toEqual({ w: [1.9], b: [2] });
});
