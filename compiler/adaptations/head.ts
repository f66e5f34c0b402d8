// head: the trained model computes features, and heads learn to read them.

import { defineAdaptation } from "./define.ts";

export const head = defineAdaptation({
  word: "head",
  doc: "Only the heads are trained, on the features of the frozen stacks; a table that a tied head shares with an embedding stays as it is.",
  parameters: {},
  trains: (use) => use.head,
});
