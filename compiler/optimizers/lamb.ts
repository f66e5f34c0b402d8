// lamb: You et al. 2020, "Large batch optimization for deep learning", algorithm 2, φ the identity, with bias correction.
// r ← m̂ / (√v̂ + ε) + λp;  p ← p − rate · |p| / |r| · r, the ratio being 1 where either norm is 0

import { betasField, betasOf, betasProblem } from "./_adam.ts";
import { commonFields, defineOptimizer, numberOf } from "./define.ts";

export const lamb = defineOptimizer({
  word: "lamb",
  doc: "AdamW whose step for each weight tensor is in proportion to that tensor's norm, for large batches (You et al. 2020).",
  parameters: {
    ...commonFields,
    ...betasField(0.9, 0.999),
    eps: { type: { type: "number", minimum: 0 }, doc: "added to the denominator", default: "1e-6" },
    weight_decay: { type: { type: "number", minimum: 0 }, doc: "times the weight, added to the direction", default: "0.01" },
  },
  problem: betasProblem,
  state: (_, shape) => ({ mean: { shape, value: 0 }, square: { shape, value: 0 } }),
  update(b, { parameter, gradient, state, rate, step, decay, args }) {
    const [beta1, beta2] = betasOf(args);
    const attributes = { beta1, beta2, eps: numberOf(args, "eps"), weight_decay: decay ? numberOf(args, "weight_decay") : 0 };
    const [updated, mean, square] = b.lamb(parameter, gradient, state.mean, state.square, rate, step, attributes);
    return { parameter: updated, state: { mean, square } };
  },
});
