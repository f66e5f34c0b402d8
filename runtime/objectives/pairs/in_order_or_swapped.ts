// in_order_or_swapped: sentence-order prediction (Lan et al. 2020, ALBERT).

import { definePair } from "./define.ts";

export const in_order_or_swapped = definePair({
  word: "in_order_or_swapped",
  doc: "Two neighbouring texts in their order (class 0) or, half of the time, swapped (class 1).",
  parameters: {},
  with: "text",
  tokens: ["cls", "sep"],
  classes: 2,
  strangers: false,
  draw: ({ first, second }, random) => (random.unit() < 0.5 ? { a: first, b: second, label: 0 } : { a: second, b: first, label: 1 }),
});
