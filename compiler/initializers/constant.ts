// constant(value): one number everywhere.

import { defineInitializer } from "./define.ts";

export const constant = defineInitializer({
  word: "constant",
  doc: "One number everywhere.",
  parameters: { value: { type: { type: "number" }, doc: "the number", positional: true, required: true } },
  fill: (out, _random, _shape, { value }) => void out.fill(value),
});
