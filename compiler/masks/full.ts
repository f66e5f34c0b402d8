// full: every key.

import { defineMask } from "./define.ts";

export const full = defineMask({
  word: "full",
  doc: "Every query attends to every key.",
  parameters: {},
  predicate: () => ({ kind: "constant", value: true }),
});
