// everything: the original text, whole.

import { defineTarget } from "./define.ts";

export const everything = defineTarget({
  word: "everything",
  doc: "The original text, from its first token to its last.",
  parameters: {},
  place: "apart",
  length: (tokens) => tokens,
  sentinels: false,
  closed: true,
  make: (text) => Array.from(text),
});
