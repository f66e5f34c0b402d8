// PT5007: a batch of tokens that holds no whole sequence.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const smallBatch = defineDiagnostic<{ tokens: number; length: number }>({
  code: "PT5007",
  slug: "small-batch",
  severity: "error",
  title: "a batch of tokens that holds no whole sequence",
  message: ({ tokens, length }) => `a batch of ${tokens} tokens holds no whole number of sequences of ${length}`,
  page: "A batch given in tokens is divided by the length into whole sequences.",
  failing: smallRun.replace("batch: 4 examples", "batch: 20 tokens"),
  fixed: smallRun.replace("batch: 4 examples", "batch: 64 tokens"),
});
