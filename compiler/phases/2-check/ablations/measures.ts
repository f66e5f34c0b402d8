// What an ablation measures: metrics of the baseline, and of runs that start from it.

import type { BlockDefinition } from "../../../../grammar/blocks/define.ts";
import { blocks } from "../../../../grammar/blocks/index.ts";
import { unmeasured } from "../../../../grammar/diagnostics/PT5091-unmeasured.ts";
import { nothingToMeasure } from "../../../../grammar/diagnostics/PT5092-nothing-to-measure.ts";
import { unrelatedMeasure } from "../../../../grammar/diagnostics/PT2050-unrelated-measure.ts";
import { unknownName } from "../../../../grammar/diagnostics/PT2002-unknown-name.ts";
import type { Place } from "../../../../grammar/diagnostics/define.ts";
import { didYouMean } from "../../../../grammar/nearest.ts";
import type { Measure, Measured } from "../../../ablations/spec.ts";
import type { RunSpec } from "../../../run-spec.ts";
import type { Declared } from "../../1-resolve/program.ts";
import type { Context } from "../context.ts";
import { checkEvaluation } from "../evaluation.ts";
import { checkRun } from "../run.ts";
import type { Value } from "../values.ts";
import { metricsOf, wholeMetrics } from "./metrics.ts";

/** Whether a run is `base`, or starts or learns from one that does. */
export function reaches(run: RunSpec, base: Declared): boolean {
  return run.declared === base || (run.from !== null && reaches(run.from.run, base)) || run.teachers.some((teacher) => reaches(teacher.run, base));
}

/** The run or the evaluation of a declaration, in a row; null after a report. */
export function checkMeasured(declared: Declared, context: Context): Measured | null {
  return declared.word === "evaluate" ? checkEvaluation(declared, context) : checkRun(declared, context);
}

/** Null after a report. */
export function measuresOf(value: Value | undefined, baseline: RunSpec, place: Place, context: Context): Measure[] | null {
  if (!value) {
    const names = wholeMetrics(baseline, context).map(({ name }) => name);
    if (!names.length) context.sink.report(nothingToMeasure, place, { baseline: baseline.name });
    return names.length ? names.flatMap((name) => measure(name, name, baseline, place, context) ?? []) : null;
  }
  const items = value.kind === "list" ? value.items : [value];
  const found = items.map((item) => (item.kind === "text" ? measureOf(item.value, baseline, item.origin.place ?? place, context) : null));
  return found.every((one) => one !== null) ? found : null;
}

/** `loss`, `small.loss`, `spam.accuracy` or `translate.4_shot.bleu`. */
function measureOf(name: string, baseline: RunSpec, place: Place, context: Context): Measure | null {
  const [first, ...rest] = name.split(".");
  const inSight = declarationsInSight(baseline, context);
  const declared = inSight.get(first);
  if (!declared && (!rest.length || metricsOf(baseline, context).some((metric) => metric.name === name))) return measure(name, name, baseline, place, context);
  if (!declared) {
    context.sink.report(unknownName, place, { name: first, wanted: `a run that starts from \`${baseline.name}\``, suggestion: didYouMean(first, inSight.keys()) });
    return null;
  }
  const measured = checkMeasured(declared, context);
  if (!measured) return null;
  if (!reaches(measured.kind === "evaluate" ? measured.of.run : measured, baseline.declared)) {
    context.sink.report(unrelatedMeasure, place, { run: first, baseline: baseline.name });
    return null;
  }
  if (rest.length) return measure(name, rest.join("."), measured, place, context);
  context.sink.report(unmeasured, place, { run: first, metric: "", known: metricsOf(measured, context).map((metric) => metric.name), row: null });
  return null;
}

/** Runs and evaluations that the baseline's file and the ablation's can name. */
function declarationsInSight(baseline: RunSpec, context: Context): Map<string, Declared> {
  const found = new Map<string, Declared>([[baseline.name, baseline.declared]]);
  for (const scope of context.ablated ?? []) {
    for (const [name, bindings] of scope.bindings) {
      for (const binding of bindings) if (binding.kind === "declaration" && (binding.word === "evaluate" || trained.includes(binding.word))) found.set(name, binding.declared());
    }
  }
  return found;
}

/** Kinds of declarations that are trained. */
export const trained: readonly string[] = Object.values(blocks as Readonly<Record<string, BlockDefinition>>).filter((block) => block.run).map((block) => block.word);

/** Null after a report that it is not computed. */
function measure(name: string, metric: string, measured: Measured, place: Place, context: Context): Measure | null {
  const found = metricsOf(measured, context).find((one) => one.name === metric);
  const one = { name, metric, higherIsBetter: found !== undefined && context.catalog.metrics[found.word].better === "higher", of: measured.declared, place };
  return refuseMissing(one, measured, context);
}

/** Null after a report that the run or evaluation does not compute it. */
export function refuseMissing(one: Measure, measured: Measured, context: Context, row: string | null = null): Measure | null {
  const known = metricsOf(measured, context).map((metric) => metric.name);
  if (known.includes(one.metric)) return one;
  context.sink.report(unmeasured, one.place, { run: measured.name, metric: one.metric, known, row });
  return null;
}
