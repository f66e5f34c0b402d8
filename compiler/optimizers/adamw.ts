// adamw: Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2, with PyTorch's order of operations.
// p ← p (1 − rate·λ);  m ← β1 m + (1−β1) g;  v ← β2 v + (1−β2) g²;  p ← p − rate/(1−β1^t) · m / (√v / √(1−β2^t) + ε)

import { adamFields, adamState, adamUpdate, betasProblem } from "./_adam.ts";
import { commonFields, defineOptimizer, numberOf } from "./define.ts";

export const adamw = defineOptimizer({
  word: "adamw",
  doc: "Adam with decoupled weight decay (Loshchilov & Hutter 2019).",
  parameters: {
    ...commonFields,
    ...adamFields,
    weight_decay: { type: { type: "number", minimum: 0 }, doc: "share of a weight that a step at rate 1 removes", default: "0.01" },
  },
  problem: betasProblem,
  state: adamState,
  update: (b, inputs) => adamUpdate(b, inputs, inputs.decay ? numberOf(inputs.args, "weight_decay") : 0),
});
