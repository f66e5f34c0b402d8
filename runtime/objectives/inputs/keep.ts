// keep: the noised token itself; it is predicted all the same.

import { defineInput } from "./define.ts";

export const keep = defineInput({
  word: "keep",
  doc: "The token itself.",
  parameters: {},
  length: "tokens",
  sentinels: false,
  single: true,
  sentences: false,
  itself: true,
  show: ({ ids }) => ({ ids: Array.from(ids), source: Array.from(ids, (_, i) => i) }),
});
