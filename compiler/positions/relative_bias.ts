// relative_bias (Raffel et al. 2020): a learned bias of each head for each bucket of distances.

import { conflictingArguments } from "../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
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
  check: ({ buckets, distance, bidirectional }, _, report) => {
    const exact = Math.floor((bidirectional ? Math.floor((buckets as number) / 2) : (buckets as number)) / 2);
    if (exact < 1) report(conflictingArguments, { word: "relative_bias", problem: `${String(buckets)} buckets leave none for a distance of its own; \`bidirectional: on\` needs 4` }, "positions");
    else if ((distance as number) <= exact) report(conflictingArguments, { word: "relative_bias", problem: `the first ${exact} distances have buckets of their own, so \`distance\` is more than ${exact}, not ${String(distance)}` }, "positions");
  },
  weights: ({ buckets }, heads) => ({ weight: { ...matrix(buckets as number, heads), decay: true } }),
  bias: (b, { queries, keys, offset }, { buckets, distance, bidirectional }, { weight }) =>
    b.relative_bias(weight, offset, { buckets: buckets as number, distance: distance as number, bidirectional: bidirectional as boolean, queries, keys }),
});
