// What an ablation measures: metrics of the baseline, and of runs that start from it.

import type { BlockDefinition } from "../../../../grammar/blocks/define.ts";
import { blocks } from "../../../../grammar/blocks/index.ts";
import { unmeasured } from "../../../../grammar/diagnostics/PT5091-unmeasured.ts";
import { nothingToMeasure } from "../../../../grammar/diagnostics/PT5092-nothing-to-measure.ts";
import { unrelatedMeasure } from "../../../../grammar/diagnostics/PT2050-unrelated-measure.ts";
import { unknownName } from "../../../../grammar/diagnostics/PT2002-unknown-name.ts";
import type { Place } from "../../../../grammar/diagnostics/define.ts";
import { didYouMean } from "../../../../grammar/nearest.ts";
import { metricNames } from "../../../metric-names.ts";
import type { Measure } from "../../../ablations/spec.ts";
import type { RunSpec } from "../../../run-spec.ts";
import type { Declared } from "../../1-resolve/program.ts";
import type { Context } from "../context.ts";
import { checkRun } from "../run.ts";
import type { Value } from "../values.ts";

/** Metrics of a run by their names in its results: of the whole, and of each head, entry or source where there are several. */
export function metricsOf(run: RunSpec): string[] {
  const words = metricWords(run);
  const { losses, entries } = run.objective;
  const source = run.evaluation?.data;
  const parts = [...(losses.length > 1 ? losses.map(({ head }) => head) : []), ...(entries.length > 1 ? entries.map(({ name }) => name) : []), ...(source?.kind === "mixture" ? source.entries.map(({ name }) => name) : [])];
  return [...words, ...parts.flatMap((part) => words.map((word) => `${part}.${word}`))];
}

function metricWords({ evaluation }: RunSpec): string[] {
  return metricNames(evaluation?.metrics ?? []);
}

/** Whether a run is `base`, or starts or learns from one that does. */
export function reaches(run: RunSpec, base: Declared): boolean {
  return run.declared === base || (run.from !== null && reaches(run.from.run, base)) || run.teachers.some((teacher) => reaches(teacher.run, base));
}

/** Null after a report. */
export function measuresOf(value: Value | undefined, baseline: RunSpec, place: Place, context: Context): Measure[] | null {
  if (!value) {
    const words = metricWords(baseline);
    if (!words.length) context.sink.report(nothingToMeasure, place, { baseline: baseline.name });
    return words.length ? words.map((word) => measure(word, word, baseline.declared, place, context)) : null;
  }
  const items = value.kind === "list" ? value.items : [value];
  const found = items.map((item) => (item.kind === "text" ? measureOf(item.value, baseline, item.origin.place ?? place, context) : null));
  return found.every((one) => one !== null) ? found : null;
}

/** `loss`, `small.loss` or `spam.accuracy`. */
function measureOf(name: string, baseline: RunSpec, place: Place, context: Context): Measure | null {
  const [first, ...rest] = name.split(".");
  const runs = runsInSight(baseline, context);
  const declared = runs.get(first);
  if (!declared && (!rest.length || metricsOf(baseline).includes(name))) return refuseMissing(measure(name, name, baseline.declared, place, context), baseline, context);
  if (!declared) {
    context.sink.report(unknownName, place, { name: first, wanted: `a run that starts from \`${baseline.name}\``, suggestion: didYouMean(first, runs.keys()) });
    return null;
  }
  const run = checkRun(declared, context);
  if (!run) return null;
  if (!reaches(run, baseline.declared)) {
    context.sink.report(unrelatedMeasure, place, { run: first, baseline: baseline.name });
    return null;
  }
  if (rest.length) return refuseMissing(measure(name, rest.join("."), declared, place, context), run, context);
  context.sink.report(unmeasured, place, { run: first, metric: "", known: metricsOf(run), row: null });
  return null;
}

/** Runs that the baseline's file and the ablation's can name. */
function runsInSight(baseline: RunSpec, context: Context): Map<string, Declared> {
  const found = new Map<string, Declared>([[baseline.name, baseline.declared]]);
  for (const scope of context.ablated ?? []) {
    for (const [name, bindings] of scope.bindings) {
      for (const binding of bindings) if (binding.kind === "declaration" && measurable.includes(binding.word)) found.set(name, binding.declared());
    }
  }
  return found;
}

/** Kinds of declarations that are trained, and so have results. */
export const measurable: readonly string[] = Object.values(blocks as Readonly<Record<string, BlockDefinition>>).filter((block) => block.run).map((block) => block.word);

function measure(name: string, metric: string, of: Declared, place: Place, { catalog }: Context): Measure {
  const word = metric.slice(metric.lastIndexOf(".") + 1);
  return { name, metric, higherIsBetter: catalog.metrics[word]?.better === "higher", of, place };
}

/** Null after a report that the run does not compute it. */
export function refuseMissing(one: Measure, run: RunSpec, { sink }: Context, row: string | null = null): Measure | null {
  const known = metricsOf(run);
  if (known.includes(one.metric)) return one;
  sink.report(unmeasured, one.place, { run: run.name, metric: one.metric, known, row });
  return null;
}
