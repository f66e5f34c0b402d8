// PT7404: predictions and references of the right form for which the metric, as it is called, has no meaning.

import { defineDiagnostic } from "./define.ts";
import { scoreExample } from "./_score-example.ts";

export const unscorable = defineDiagnostic<{ metric: string; problem: string }>({
  code: "PT7404",
  slug: "unscorable",
  severity: "error",
  title: "a metric that has no meaning for the data",
  message: ({ metric, problem }) => `\`${metric}\`: ${problem}`,
  page: "The items have the right form, but the metric, with these options, is not about such data. F1 of two labels needs to know which one is positive; for more labels it needs an `average`.",
  failing: scoreExample("[0, 1, 2]", "[0, 1, 1]", "f1"),
  fixed: scoreExample("[0, 1, 2]", "[0, 1, 1]", "f1(average: macro)"),
});
