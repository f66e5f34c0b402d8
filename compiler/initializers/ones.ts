// ones: 1 everywhere.

import { defineInitializer } from "./define.ts";

export const ones = defineInitializer({
  word: "ones",
  doc: "1 everywhere.",
  parameters: {},
  fill: (out) => void out.fill(1),
});
