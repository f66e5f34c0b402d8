// sentinel: one fresh sentinel a stretch, in order (Raffel et al. 2020).

import { defineInput } from "./define.ts";

export const sentinel = defineInput({
  word: "sentinel",
  doc: "One fresh sentinel for each stretch, in order: `<X>`, `<Y>`, `<Z>` …",
  parameters: {},
  length: "one",
  sentinels: true,
  single: false,
  sentences: false,
  show: ({ index }, { sentinels }) => {
    if (index >= sentinels.length) throw new Error(`stretch ${index + 1} needs more than ${sentinels.length} sentinels`);
    return { ids: [sentinels[index]], source: [0] };
  },
});
