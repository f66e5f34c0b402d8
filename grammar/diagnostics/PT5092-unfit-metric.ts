// PT5092: a metric that the answers of an evaluation do not give.

import { alternatives } from "../fields.ts";
import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

export const unfitMetric = defineDiagnostic<{ metric: string; from: string; known: readonly string[] }>({
  code: "PT5092",
  slug: "unfit-metric",
  severity: "error",
  title: "a metric that the answers do not give",
  message: ({ metric, from }) => `\`${metric}\` is computed from ${from}, which these answers are not`,
  hint: ({ known }) => `here there are ${alternatives(known.map((word) => `\`${word}\``))}`,
  page: "What is generated is text, compared with the right text by `exact_match`, `squad_f1`, `bleu`, `rouge`, `edit_distance`. Metrics of labels, such as `accuracy`, need `choices`, or an answer that is one column of type `class`; metrics of numbers need an answer that is one column of type `number`.",
  failing: evaluationSpec({ metrics: "[accuracy]" }),
  fixed: evaluationSpec({ metrics: "[accuracy]", more: 'choices: ["un", "deux"]' }),
});
