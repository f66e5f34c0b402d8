// in_place: L = −Σ over noised places m of log P(w_m | the text with those places replaced).

import { defineTarget } from "./define.ts";

export const in_place = defineTarget({
  word: "in_place",
  doc: "The original token at each noised place; the loss is on those alone.",
  parameters: {},
  place: "same",
  length: (_, noised) => noised,
  sentinels: false,
  closed: false,
  make: null,
});
