// PT5030: a metric of texts, labels or tags where only token losses are measured.

import { alternatives } from "../fields.ts";
import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const misplacedMetric = defineDiagnostic<{ metric: string; from: string; known: readonly string[] }>({
  code: "PT5030",
  slug: "misplaced-metric",
  severity: "error",
  title: "a metric that held-out losses do not give",
  message: ({ metric, from }) => `\`${metric}\` is computed from ${from}, and a pretrain's \`evaluate\` has ${from === "scores" ? "them with a contrastive objective alone" : "the losses of tokens alone"}`,
  hint: ({ known, metric }) => `here there are ${alternatives(known.map((word) => `\`${word}\``))}; \`pt score ${metric}\` measures predictions that you have in a file`,
  page: "While it pretrains a run is measured on held-out data by the losses of its tokens, and a contrastive one by the scores of its pairs. Metrics of labels, texts, tags or scores need predictions of a task: they belong to a task's run, or to `pt score METRIC --predictions FILE --references FILE`.",
  failing: smallRun.replace("  optimizer: adamw(lr: 1e-3)\n", "  optimizer: adamw(lr: 1e-3)\n  evaluate { data: novels.valid  metrics: [loss, bleu] }\n"),
  fixed: smallRun.replace("  optimizer: adamw(lr: 1e-3)\n", "  optimizer: adamw(lr: 1e-3)\n  evaluate { data: novels.valid  metrics: [loss, perplexity] }\n"),
});
