// PT2050: a measure of a run that no row changes.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

const other = "pretrain other extends small { seed: 3 }\n";
const longer = "pretrain other from small { data: novels  objective: causal_lm  batch: 4 examples  train: 10 steps  optimizer: sgd(lr: 1e-3)  evaluate { data: novels.valid } }\n";

export const unrelatedMeasure = defineDiagnostic<{ run: string; baseline: string }>({
  code: "PT2050",
  slug: "unrelated-measure",
  severity: "error",
  title: "a measure of a run that does not start from the baseline",
  message: ({ run, baseline }) => `\`${run}\` does not start from \`${baseline}\`, so it would be the same in every row`,
  hint: ({ baseline }) => `measure \`${baseline}\` itself, or what is declared \`from ${baseline}\``,
  page: "Each row of an ablation takes the baseline's place in the runs that start from it. A run that `extends` the baseline is another run beside it, and no row reaches it.",
  failing: ablationExample({ after: other, more: "measure: [other.loss]" }),
  fixed: ablationExample({ after: longer, more: "measure: [other.loss]" }),
});
