// PT5004: a model without the head that an objective needs.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const missingHead = defineDiagnostic<{ head: string; model: string; objective: string; classes?: boolean }>({
  code: "PT5004",
  slug: "missing-head",
  severity: "error",
  title: "a model without the head that an objective needs",
  message: ({ head, model, objective }) => `\`${objective}\` needs a head \`${head}\`, which \`${model}\` lacks`,
  hint: ({ head, classes }) => `add \`head ${head} ${classes ? "{ pool(first) dense(2) }" : "{ tied }"}\` to the model`,
  page: "A head turns the stream into what the objective predicts.",
  failing: smallRun.replace("  head lm { tied }\n", ""),
  fixed: smallRun,
});
