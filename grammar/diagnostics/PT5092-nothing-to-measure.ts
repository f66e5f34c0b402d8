// PT5092: an ablation whose rows compute nothing to compare.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

export const nothingToMeasure = defineDiagnostic<{ baseline: string }>({
  code: "PT5092",
  slug: "nothing-to-measure",
  severity: "error",
  title: "an ablation without measures",
  message: ({ baseline }) => `there is nothing to compare: \`${baseline}\` evaluates nothing, and the ablation has no \`measure\``,
  hint: ({ baseline }) => `give \`${baseline}\` \`evaluate { data: …  metrics: [loss] }\`, or name a \`measure\` of a run that starts from it`,
  page: "Without `measure` an ablation compares what the baseline's own `evaluate` computes.",
  failing: ablationExample({ evaluate: "" }),
  fixed: ablationExample(),
});
