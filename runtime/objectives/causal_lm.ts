// causal_lm: L = -Σ log P(w_t | w_<t): every position predicts the token after it.

import { defineObjective } from "./define.ts";

export const causal_lm = defineObjective({
  word: "causal_lm",
  doc: "Every position predicts the token after it; the loss is over all tokens.",
  parameters: {},
  next: true,
  head: "lm",
  tokens: [],
  lengths: (length) => ({ raw: length + 1, inputs: length, targets: length }),
});
