// What `pt evaluate` shows of an `evaluate` declaration: a live line on a terminal, then a table of metrics by shots; or JSON lines.

import pc from "picocolors";
import type { EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import type { Io } from "../commands/define.ts";
import { metricNames } from "../../compiler/metric-names.ts";
import type { EvaluationEvent } from "../evaluation/run.ts";
import { printDiagnostics } from "./diagnostics.ts";
import { liveLine } from "./live-line.ts";
import { bar, duration } from "./numbers.ts";
import { table } from "./table.ts";

export interface EvaluationReporter { readonly emit: (event: EvaluationEvent) => void; end(): void }

export function evaluationReporter(plan: EvaluationPlan, io: Io, json: boolean): EvaluationReporter {
  if (json) return { emit: (event) => io.stdout.write(`${JSON.stringify(event)}\n`), end: () => {} };
  const line = liveLine(io);
  const color = pc.createColors(io.color);
  const emit = (event: EvaluationEvent): void => {
    switch (event.event) {
      case "start":
        line.above(`${color.bold(event.name)} of ${event.run} after step ${event.step}: ${event.examples} questions with ${event.shots.join(", ")} shots${event.done ? `, ${event.done} of ${event.of} answered before` : ""}`);
        line.above(color.dim(event.folder));
        return;
      case "progress":
        line.show(`${event.shots} ${event.shots === 1 ? "shot" : "shots"}  ${event.done}/${event.of}  ${bar(event.done / event.of, 20)}  ${duration(event.seconds_left)} left`);
        return;
      case "shots":
        for (const note of event.notes) line.above(color.dim(`${event.shots} ${event.shots === 1 ? "shot" : "shots"}: ${note}`));
        return;
      case "warning":
        line.clear();
        printDiagnostics([event.diagnostic], io.stderr, io);
        return;
      case "interrupted":
        line.clear();
        line.above(color.yellow(event.message));
        return;
      case "done":
        line.clear();
        io.stdout.write(`${resultTable(plan, event.result.metrics)}\n`);
        line.above(color.dim(`${event.already ? "measured before" : `${event.result.examples} questions in ${duration(event.result.seconds)}`}: ${event.folder}`));
    }
  };
  return { emit, end: () => line.clear() };
}

/** A row for each number of shots. */
export function resultTable({ shots: { counts }, metrics }: EvaluationPlan, values: { readonly [metric: string]: number }): string {
  const names = metricNames(metrics);
  const cell = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(4));
  return table([["shots", ...names.map((name) => name.replaceAll("_", " "))], ...counts.map((count) => [String(count), ...names.map((name) => cell(values[`${count}_shot.${name}`]))])], { right: [0, ...names.map((_, i) => i + 1)] });
}
