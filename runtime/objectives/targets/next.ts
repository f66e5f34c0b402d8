// next: L = −Σ_t log P(w_t | w_<t).

import { defineTarget } from "./define.ts";

export const next = defineTarget({
  word: "next",
  doc: "The token after each position; the loss is over all tokens.",
  parameters: {},
  place: "before",
  length: (tokens) => tokens,
  sentinels: false,
  closed: false,
  make: null,
});
