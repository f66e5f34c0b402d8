// sentinel: `<X> love <Y> red car <Z>`: each stretch led by its sentinel, closed by one more (Raffel et al. 2020).

import { defineTarget, tokensOf } from "./define.ts";

export const sentinel = defineTarget({
  word: "sentinel",
  doc: "The noised stretches, each led by its sentinel, closed by one more sentinel.",
  parameters: {},
  place: "apart",
  length: (_, noised, spans) => noised + spans + 1,
  sentinels: true,
  closed: false,
  make: (text, spans, sentinels) => {
    if (spans.length >= sentinels.length) throw new Error(`${spans.length} stretches need more than ${sentinels.length} sentinels`);
    return [...spans.flatMap((span, i) => [sentinels[i], ...tokensOf(text, span)]), sentinels[spans.length]];
  },
});
