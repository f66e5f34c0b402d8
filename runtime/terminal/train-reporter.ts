// What `pt train` shows: a live line on a terminal, lines of what lasts, or JSON lines.

import pc from "picocolors";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { Io } from "../commands/define.ts";
import type { Emit, TrainEvent } from "../training/events.ts";
import { printDiagnostics } from "./diagnostics.ts";
import { liveLine } from "./live-line.ts";
import { bar, duration, percent, short } from "./numbers.ts";

export interface TrainReporter { readonly emit: Emit; end(): void }

/** Without a terminal a step is printed this often, in seconds. */
const quietSeconds = 10;

export function trainReporter(plan: Plan, io: Io, json: boolean): TrainReporter {
  if (json) return { emit: (event) => io.stdout.write(`${JSON.stringify(event)}\n`), end: () => {} };
  const line = liveLine(io);
  const color = pc.createColors(io.color);
  let lastPrinted = performance.now();
  const emit = (event: TrainEvent): void => {
    switch (event.event) {
      case "start":
        line.above(`${color.bold(plan.name)}: ${short(event.parameters)} parameters, ${event.steps} steps of ${event.batch} × ${plan.objective.streams.inputs.length} tokens, ${short(event.examples)} examples, on ${event.backend}`);
        line.above(color.dim(event.folder));
        return;
      case "resume":
        line.above(`${color.bold(plan.name)} goes on after step ${event.step} of ${event.steps}`);
        return;
      case "step": {
        const text = `step ${event.step}/${event.steps}  ${bar(event.step / event.steps, 20)}  loss ${event.loss.toFixed(3)}  ${short(event.tokens_per_second)} tokens/s  ${duration(event.seconds_left)} left`;
        line.show(text);
        if (!io.isTerminal && (performance.now() - lastPrinted > quietSeconds * 1000)) {
          lastPrinted = performance.now();
          line.above(`step ${event.step}/${event.steps}  loss ${event.loss.toFixed(3)}  ${short(event.tokens_per_second)} tokens/s  ${duration(event.seconds_left)} left`);
        }
        return;
      }
      case "evaluate":
        line.above(`step ${event.step}  held out: ${metricsText(event.metrics)}${event.best ? color.green("  best so far") : ""}`);
        return;
      case "sample":
        line.above(`${color.dim(`step ${event.step} writes:`)} ${color.bold(event.prompt)}${color.cyan(event.text)}\n`);
        return;
      case "checkpoint":
        line.show(`saved after step ${event.step}`);
        return;
      case "skip":
      case "rollback":
        line.above(color.yellow(event.message));
        return;
      case "interrupted":
        line.clear();
        line.above(color.yellow(event.message));
        return;
      case "warning":
        line.clear();
        printDiagnostics([event.diagnostic], io.stderr, io);
        return;
      case "done":
        line.clear();
        line.above(done(event, plan, color.bold));
    }
  };
  return { emit, end: () => line.clear() };
}

function done(event: Extract<TrainEvent, { event: "done" }>, plan: Plan, strong: (text: string) => string): string {
  if (event.already) return `${strong(plan.name)} is complete: ${event.step} steps, ${event.metrics ? metricsText(event.metrics) : ""}\n${event.folder}`;
  const speed = event.tokens_per_second === null ? "" : `, ${short(event.tokens_per_second)} tokens/s`;
  const waited = event.seconds > 0 ? `, ${percent(event.waiting_seconds / event.seconds)} of it waiting for data` : "";
  return [
    `${strong(plan.name)} is done: ${event.step} steps, ${short(event.tokens)} tokens in ${duration(event.seconds)}${waited}${speed}${event.metrics ? `; ${metricsText(event.metrics)}` : ""}`,
    event.folder,
    ...(plan.graphs.decode ? [`Go on with: pt generate ${event.folder} --prompt "…"`] : []),
  ].join("\n");
}

export function metricsText(metrics: { readonly [metric: string]: number }): string {
  return Object.entries(metrics).map(([name, value]) => `${name.replaceAll("_", " ")} ${value < 100 ? value.toFixed(3) : short(value)}`).join(", ");
}
