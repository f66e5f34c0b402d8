// dropped: the noised tokens, one stretch after the other.

import { defineTarget, tokensOf } from "./define.ts";

export const dropped = defineTarget({
  word: "dropped",
  doc: "The noised tokens alone, in their order.",
  parameters: {},
  place: "apart",
  length: (_, noised) => noised,
  sentinels: false,
  closed: true,
  make: (text, spans) => spans.flatMap((span) => tokensOf(text, span)),
});
