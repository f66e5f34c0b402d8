// The state of a run beside its tensors, as checkpoints keep it, and when checkpoints are due.

import type { Plan } from "../../compiler/plan/schema.ts";
import type { LoadedCheckpoint } from "../checkpoints/checkpoint.ts";
import { saveCheckpoint } from "../checkpoints/checkpoint.ts";
import type { Best } from "./best.ts";
import type { MetricValues } from "./evaluate.ts";
import type { Inputs } from "./inputs.ts";
import type { Tensors } from "./parameters.ts";
import type { Teachers } from "./teachers.ts";

export interface RunState {
  /** Length of `metrics.jsonl` at the checkpoint. */
  readonly metrics_bytes: number;
  /** Steps whose batch was left out for a non-finite loss. */
  readonly skipped: readonly number[];
  /** Last evaluation. */
  readonly metrics: MetricValues | null;
  readonly best: Best | null;
}

export function readState(loaded: LoadedCheckpoint | null): RunState {
  const saved = (loaded?.state ?? {}) as Partial<RunState>;
  return { metrics_bytes: saved.metrics_bytes ?? 0, skipped: saved.skipped ?? [], metrics: saved.metrics ?? null, best: saved.best ?? null };
}

/** Nothing that depends on time goes in: the files of an interrupted run equal those of one that was not. */
export function saveRun(plan: Plan, folder: string, step: number, tensors: { weights: Tensors; optimizer: Tensors }, state: RunState, { fingerprints, teachers }: { fingerprints: Inputs["fingerprints"]; teachers: Teachers["steps"] }): Promise<string> {
  const position = { next_example: step * plan.batch.examples };
  const learned = plan.teachers.length ? { teachers } : {};
  return saveCheckpoint(folder, step, { ...tensors, state: { plan: plan.hash, ...position, ...state, best_step: state.best?.step ?? null, fingerprints, ...learned } }, { keep: plan.checkpoints.keep });
}

export interface CheckpointClock {
  due(step: number): boolean;
  saved(step: number): void;
  lastSaved(): number | null;
}

/** By steps (or what converts to them) or by elapsed time. Without a setting only the end, interruptions and the best are saved. */
export function checkpointClock(plan: Plan, steps: number): CheckpointClock {
  const { every } = plan.checkpoints;
  // The unit of elapsed time is the dimension's base, a second.
  const seconds = every?.unit === "time" ? every.value : null;
  const interval = every && seconds === null ? stepsIn(plan, steps, every.value, every.unit) : null;
  let last = performance.now();
  let savedStep: number | null = null;
  return {
    due: (step) => (seconds !== null && performance.now() - last >= 1000 * seconds) || (interval !== null && step % interval === 0),
    saved(step) {
      last = performance.now();
      savedStep = step;
    },
    lastSaved: () => savedStep,
  };
}

function stepsIn(plan: Plan, steps: number, value: number, unit: string): number {
  const { examples } = plan.batch;
  const converted = unit === "steps" ? value : unit === "percent" ? (value * steps) / 100 : unit === "examples" ? value / examples : unit === "tokens" ? value / (examples * plan.objective.streams.inputs.length) : null;
  if (converted === null) throw new Error(`checkpoints every ${value} ${unit}`);
  return Math.max(1, Math.round(converted));
}
