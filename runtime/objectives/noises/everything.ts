// everything: the whole text, as one stretch.

import { defineNoise } from "./define.ts";

export const everything = defineNoise({
  word: "everything",
  doc: "The whole text.",
  parameters: {},
  stretches: true,
  ends: false,
  range: (n) => ({ noised: [n, n], spans: [Math.min(1, n), Math.min(1, n)] }),
  draw: (n) => (n === 0 ? [] : [{ start: 0, length: n }]),
});
