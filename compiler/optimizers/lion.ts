// lion: Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2.
// u ← sign(β1 m + (1−β1) g);  p ← p − rate (u + λp);  m ← β2 m + (1−β2) g

import { betasField, betasOf, betasProblem } from "./_adam.ts";
import { commonFields, defineOptimizer, numberOf } from "./define.ts";

export const lion = defineOptimizer({
  word: "lion",
  doc: "Steps of one size, by the sign of a mean of gradients (Chen et al. 2023): a rate 3 to 10 times below AdamW's, with as much more weight decay.",
  parameters: {
    ...commonFields,
    ...betasField(0.9, 0.99, "the mean's share of a step's direction, and how much of the mean is kept"),
    weight_decay: { type: { type: "number", minimum: 0 }, doc: "share of a weight that a step at rate 1 removes", default: "0" },
  },
  problem: betasProblem,
  state: (_, shape) => ({ mean: { shape, value: 0 } }),
  update(b, { parameter, gradient, state, rate, decay, args }) {
    const [beta1, beta2] = betasOf(args);
    const [updated, mean] = b.lion(parameter, gradient, state.mean, rate, { beta1, beta2, weight_decay: decay ? numberOf(args, "weight_decay") : 0 });
    return { parameter: updated, state: { mean } };
  },
});
