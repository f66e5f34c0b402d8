// A metric as it is called in the language, on items as they stand in JSON.

import { callWord } from "../../compiler/word-call.ts";
import { catalog } from "../../runtime/catalog.ts";
import type { Measured, MetricDefinition, Outcome } from "../../runtime/metrics/define.ts";
import { forms } from "../../runtime/metrics/_forms.ts";
import { metrics } from "../../runtime/metrics/index.ts";

export function outcomeOf(call: string, predictions: readonly unknown[], references: readonly unknown[]): Outcome {
  const called = callWord(call, "metric", catalog, "test");
  if ("diagnostics" in called) throw new Error(called.diagnostics.map((one) => `${one.code} ${one.message}`).join("\n"));
  const metric = metrics[called.call.word as keyof typeof metrics] as unknown as MetricDefinition;
  const { prediction, reference } = forms[metric.from];
  return metric.compute(predictions.map((item) => prediction.read(item)) as never, references.map((item) => reference.read(item)) as never, called.call.arguments);
}

/** Throws where the metric cannot be computed. */
export function score(call: string, predictions: readonly unknown[], references: readonly unknown[]): Measured {
  const outcome = outcomeOf(call, predictions, references);
  if ("problem" in outcome) throw new Error(outcome.problem);
  return outcome;
}
