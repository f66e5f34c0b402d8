// PT5063: a metric that the predictions of a task do not give.

import { alternatives } from "../fields.ts";
import { defineDiagnostic } from "./define.ts";
import { taskSpec } from "./_task-example.ts";

export const taskMetric = defineDiagnostic<{ metric: string; from: string; task: string; gives: string; known: readonly string[] }>({
  code: "PT5063",
  slug: "task-metric",
  severity: "error",
  title: "a metric that the predictions of a task do not give",
  message: ({ metric, from, task, gives }) => `\`${metric}\` is computed from ${from}, and \`${task}\` predicts ${gives}`,
  hint: ({ known }) => `here there are ${alternatives(known.map((word) => `\`${word}\``))}`,
  page: "Each metric says what it is computed from: labels, numbers, texts, tags. A task gives one of them, and its loss.",
  failing: taskSpec({ split: "split { train: 50%  valid: 50% }", more: "metrics: [accuracy, rouge]" }),
  fixed: taskSpec({ split: "split { train: 50%  valid: 50% }", more: "metrics: [accuracy, matthews]" }),
});
