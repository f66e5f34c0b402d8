// `guard: rollback` that does not come to an end.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const tooManyRollbacks = defineDiagnostic<{ readonly step: number; readonly times: number; readonly what: string }>({
  code: "PT8004",
  slug: "too-many-rollbacks",
  severity: "error",
  title: "The run keeps diverging.",
  message: (data) => `step ${data.step} gives a non-finite loss after ${data.times} ${data.what}`,
  hint: () => "lower the learning rate, lengthen the warmup or clip gradients (`clip: 1.0`)",
  page: "`guard: rollback` returns to the last checkpoint and leaves the batch out; `guard: skip` leaves out the update. When new batches keep failing the data is not at fault; the model diverges.",
  failing: dataExample({ optimizer: "adamw(lr: 1e38)", train: "50 steps", more: "guard: rollback" }),
  fixed: dataExample(),
});
