// zeros: 0 everywhere.

import { defineInitializer } from "./define.ts";

export const zeros = defineInitializer({
  word: "zeros",
  doc: "0 everywhere.",
  parameters: {},
  fill: (out) => void out.fill(0),
});
