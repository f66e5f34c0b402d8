// relative_bias (Raffel et al. 2020): a learned bias of each head for each bucket of distances.

import { matrix } from "../layers/define.ts";
import { definePosition } from "./define.ts";

export const relative_bias = definePosition({
  word: "relative_bias",
  doc: "A learned bias on the scores for each head and bucket of distances; a `let` shares one table between layers.",
  parameters: {
    buckets: { type: { type: "integer", minimum: 2 }, doc: "rows of the table", default: "32" },
    distance: { type: { type: "integer", minimum: 2 }, doc: "beyond it all distances are one bucket", default: "128" },
    bidirectional: { type: { type: "switch" }, doc: "keys before and after the query have buckets of their own", default: "on" },
  },
  weights: ({ buckets }, heads) => ({ weight: { ...matrix(buckets as number, heads), decay: true } }),
  bias: (b, { queries, keys, offset }, { buckets, distance, bidirectional }, { weight }) =>
    b.relative_bias(weight, offset, { buckets: buckets as number, distance: distance as number, bidirectional: bidirectional as boolean, queries, keys }),
});
