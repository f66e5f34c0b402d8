// drop: nothing is shown of a noised place.

import { defineInput } from "./define.ts";

export const drop = defineInput({
  word: "drop",
  doc: "Nothing: the noised tokens are left out.",
  parameters: {},
  length: "none",
  sentinels: false,
  single: true,
  sentences: false,
  show: () => ({ ids: [], source: [] }),
});
