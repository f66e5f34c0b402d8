// adamw: Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2, with PyTorch's order of operations.
// p ← p (1 − rate·λ);  m ← β1 m + (1−β1) g;  v ← β2 v + (1−β2) g²;  p ← p − rate/(1−β1^t) · m / (√v / √(1−β2^t) + ε)

import { commonFields, defineOptimizer, numberOf } from "./define.ts";
import type { Arguments } from "./define.ts";

const betasOf = (args: Arguments): readonly [number, number] => args.betas as unknown as readonly [number, number];

export const adamw = defineOptimizer({
  word: "adamw",
  doc: "Adam with decoupled weight decay (Loshchilov & Hutter 2019).",
  parameters: {
    ...commonFields,
    betas: { type: { type: "list", of: { type: "number", minimum: 0, maximum: 1 }, minimum: 2, maximum: 2 }, doc: "decay of the running means of the gradient and of its square", default: "[0.9, 0.999]" },
    eps: { type: { type: "number", minimum: 0 }, doc: "added to the denominator", default: "1e-8" },
    weight_decay: { type: { type: "number", minimum: 0 }, doc: "share of a weight that a step at rate 1 removes", default: "0.01" },
  },
  problem: (args) => (betasOf(args).some((beta) => beta >= 1) ? "`betas` must be below 1: at 1 the running mean never moves" : null),
  state: (_, shape) => ({ mean: { shape, value: 0 }, square: { shape, value: 0 } }),
  update(b, { parameter, gradient, state, rate, step, decay, args }) {
    const [beta1, beta2] = betasOf(args);
    const [updated, mean, square] = b.adamw(parameter, gradient, state.mean, state.square, rate, step, null, {
      beta1,
      beta2,
      eps: numberOf(args, "eps"),
      weight_decay: decay ? numberOf(args, "weight_decay") : 0,
    });
    return { parameter: updated, state: { mean, square } };
  },
});
