// everything: every weight goes on learning.

import { defineAdaptation } from "./define.ts";

export const everything = defineAdaptation({
  word: "everything",
  doc: "All weights are trained.",
  parameters: {},
  trains: () => true,
});
