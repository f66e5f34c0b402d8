// Metrics by their names in results, which runs write (runtime/training/evaluate.ts) and evaluations (runtime/evaluation/run.ts).

import { namedMetrics } from "../../../metric-names.ts";
import type { Measured } from "../../../ablations/spec.ts";
import type { Call } from "../../../plan/schema.ts";
import type { RunSpec } from "../../../run-spec.ts";
import type { Context } from "../context.ts";

/** A name in results, and the metric's word. */
export interface ResultMetric { readonly name: string; readonly word: string }

/** All of them: of an evaluation also by number of shots, of a run also of each head, entry or source where there are several. */
export function metricsOf(measured: Measured, context: Context): ResultMetric[] {
  const whole = wholeMetrics(measured, context);
  if (measured.kind === "evaluate") return [...whole, ...measured.settings.shots.counts.flatMap((count) => prefixed(`${count}_shot`, whole))];
  const { losses, entries } = measured.objective;
  const source = measured.evaluation?.data;
  const parts = [
    ...(losses.length > 1 ? losses.flatMap(({ head }) => prefixed(head, partMetrics(measured, [head], context))) : []),
    ...(entries.length > 1 ? entries.flatMap(({ name, terms }) => prefixed(name, partMetrics(measured, terms.map((term) => term.head), context))) : []),
    ...(source?.kind === "mixture" ? source.entries.flatMap(({ name }) => prefixed(name, whole)) : []),
  ];
  const names = new Map([...whole, ...parts].map((one) => [one.name, one]));
  return [...names.values()];
}

/** Those of the whole. */
export function wholeMetrics(measured: Measured, context: Context): ResultMetric[] {
  if (measured.kind === "evaluate") return named(measured.settings.metrics);
  return partMetrics(measured, measured.objective.losses.map(({ head }) => head), context);
}

const prefixed = (part: string, metrics: readonly ResultMetric[]): ResultMetric[] => metrics.map(({ name, word }) => ({ name: `${part}.${name}`, word }));

function named(calls: readonly Call[]): ResultMetric[] {
  return namedMetrics(calls).map(({ name, call }) => ({ name, word: call.word }));
}

/** What heads give: each its loss, those of tokens what follows from it, those of a task what it is scored by, those that compare what they find. */
function partMetrics({ evaluation, objective }: RunSpec, heads: readonly string[], { catalog }: Context): ResultMetric[] {
  const kinds = objective.losses.filter(({ head }) => heads.includes(head)).map(({ kind }) => kind);
  return named(evaluation?.metrics ?? []).flatMap(({ name, word }): ResultMetric[] => {
    if (word === "loss") return [{ name: word, word }];
    switch (catalog.metrics[word].from) {
      case "losses":
        return kinds.includes("tokens") ? [{ name, word }] : [];
      case "scores":
        return kinds.includes("contrastive") ? [name, `${name}.image_to_text`, `${name}.text_to_image`].map((one) => ({ name: one, word })) : [];
      default:
        return [{ name, word }];
    }
  });
}
