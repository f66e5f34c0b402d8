// adam: Kingma & Ba 2015, algorithm 1, as PyTorch's: weight decay, where there is any, is added to the gradient (L2).
// g ← g + λp;  m ← β1 m + (1−β1) g;  v ← β2 v + (1−β2) g²;  p ← p − rate/(1−β1^t) · m / (√v / √(1−β2^t) + ε)

import { adamFields, adamState, adamUpdate, betasProblem } from "./_adam.ts";
import { commonFields, defineOptimizer, numberOf } from "./define.ts";

export const adam = defineOptimizer({
  word: "adam",
  doc: "Adam (Kingma & Ba 2015); `adamw` is the one whose weight decay is apart from the gradient.",
  parameters: {
    ...commonFields,
    ...adamFields,
    weight_decay: { type: { type: "number", minimum: 0 }, doc: "times the weight, added to its gradient", default: "0" },
  },
  problem: betasProblem,
  state: adamState,
  update(b, inputs) {
    const { parameter, decay, args } = inputs;
    const weightDecay = decay ? numberOf(args, "weight_decay") : 0;
    const gradient = weightDecay > 0 ? b.add(inputs.gradient, b.scale(parameter, { factor: weightDecay })) : inputs.gradient;
    return adamUpdate(b, { ...inputs, gradient }, 0);
  },
});
