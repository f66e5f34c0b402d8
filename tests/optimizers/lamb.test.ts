// lamb: a step by hand.

import { expect, it } from "vitest";
import { lamb } from "../../compiler/optimizers/lamb.ts";
import { expectClose } from "../graph/values.ts";
import { train } from "./golden.ts";

const plain = { clip: false, decay: "everything", betas: [0.9, 0.999], eps: 0, weight_decay: 0 };

it("steps in proportion to the norm of the weights", () => {
  // The first direction without decay is sign(g): norm √2. The weights' norm is 5, so the step is 0.1 · 5 / √2 each way.
  const { trajectory } = train(lamb, plain, { w: [3, 4] }, [{ w: [7, -0.2] }], 0.1);
  expectClose(trajectory[0].w, [3 - 0.5 / Math.SQRT2, 4 + 0.5 / Math.SQRT2], 1e-14);
});

it("adds decay to the direction", () => {
  // r = (1 + 0.5 · 3, 1 + 0.5 · 4) = (2.5, 3), |r|² = 15.25.
  const by = (0.1 * 5) / Math.sqrt(15.25);
  const { trajectory } = train(lamb, { ...plain, weight_decay: 0.5 }, { w: [3, 4] }, [{ w: [7, 9] }], 0.1);
  expectClose(trajectory[0].w, [3 - by * 2.5, 4 - by * 3], 1e-14);
});

it("has a ratio of 1 for weights of zero", () => {
  expect(train(lamb, plain, { w: [0, 0] }, [{ w: [2, -3] }], 0.1).trajectory[0].w).toEqual([-0.1, 0.1]);
});
