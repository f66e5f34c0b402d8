// sgd: steps by hand, and torch's trajectories.

import { describe, expect, it } from "vitest";
import { sgd } from "../../compiler/optimizers/sgd.ts";
import { expectClose } from "../graph/values.ts";
import { expectTrajectory, golden, goldensMissing, reason, train } from "./golden.ts";

const plain = { clip: false, decay: "everything", momentum: 0, dampening: 0, nesterov: false, weight_decay: 0 };

describe("sgd", () => {
  it("does two steps with momentum by hand", () => {
    // m1 = 4; m2 = 0.5 · 4 + 0.75 · 2 = 3.5
    const { trajectory } = train(sgd, { ...plain, momentum: 0.5, dampening: 0.25 }, { w: [1] }, [{ w: [4] }, { w: [2] }], 0.1);
    expectClose([trajectory[0].w[0], trajectory[1].w[0]], [0.6, 0.25], 1e-15);
  });

  it("keeps no state without momentum", () => {
    expect(sgd.state(plain, [2])).toEqual({});
    expect(sgd.state({ ...plain, momentum: 0.9 }, [2])).toEqual({ momentum: { shape: [2], value: 0 } });
  });

  it("says which arguments do not go together", () => {
    expect(sgd.problem?.(plain)).toBeNull();
    expect(sgd.problem?.({ ...plain, nesterov: true })).toMatch(/needs `momentum`/);
    expect(sgd.problem?.({ ...plain, momentum: 0.9, dampening: 0.1, nesterov: true })).toMatch(/dampening: 0/);
    expect(sgd.problem?.({ ...plain, dampening: 0.1 })).toMatch(/without `momentum`/);
  });
});

describe.skipIf(goldensMissing)(`sgd against torch${reason}`, () => {
  it.each(["sgd", "sgd_momentum", "sgd_momentum_dampening", "sgd_momentum_weight_decay", "sgd_nesterov"])("%s.json", (name) => {
    const { settings, trajectory } = golden(name);
    expectTrajectory(sgd, { ...plain, ...settings }, trajectory);
  });
});
