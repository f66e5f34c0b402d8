// Metrics of answers: one number by metric and number of shots.

import { metricNames } from "../../compiler/metric-names.ts";
import type { Call } from "../../compiler/plan/schema.ts";
import { unscorable } from "../../grammar/diagnostics/PT7404-unscorable.ts";
import { fileError } from "../files/user-error.ts";
import { isProblem, type Measured, type MetricDefinition } from "../metrics/define.ts";
import { metrics } from "../metrics/index.ts";
import type { Prediction } from "./ask.ts";

export interface Scored { readonly name: string; readonly measured: Measured }

/** A text that is no number counts as −1, as in T5's evaluation of STS-B (Raffel et al. 2020). */
function numberIn(text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : -1;
}

/** Of answers with one number of shots, at least one. Throws UserError (PT7404) where a metric cannot be computed from them. */
export function scoreAll(calls: readonly Call[], answers: readonly Pick<Prediction, "prediction" | "reference">[], file: string): Scored[] {
  const names = metricNames(calls);
  return calls.map(({ word, arguments: options }, i) => {
    // The kind decides what is compared; the definition and what it gets belong together.
    const metric = metrics[word as keyof typeof metrics] as unknown as MetricDefinition;
    const predictions = answers.map(({ prediction }) => (metric.from === "numbers" ? numberIn(prediction) : prediction));
    const references = answers.map(({ reference }) => (metric.from === "numbers" ? Number(reference) : metric.from === "texts" ? [reference] : reference));
    const outcome = metric.compute(predictions as never, references as never, options);
    if (isProblem(outcome)) throw fileError(unscorable, file, { metric: word, problem: outcome.problem });
    return { name: names[i], measured: outcome };
  });
}
