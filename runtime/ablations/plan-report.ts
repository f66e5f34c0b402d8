// What an ablation would cost, as data: `pt plan --json`, and what its text is made from.

import type { AblationPlan, Job } from "../../compiler/ablations/plan.ts";
import { tokensOf } from "../../compiler/ablations/plan.ts";
import { estimate, type Estimate, type Machine } from "../plans/hardware.ts";
import { adviceFor, type Advice } from "./advice.ts";
import type { Timing } from "./calibration.ts";
import type { OpenedAblation } from "./open.ts";

export interface JobReport {
  readonly name: string;
  readonly kind: string;
  readonly hash: string | null;
  readonly row: string;
  readonly rows: readonly string[];
  readonly seed: number;
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly flops: { readonly forward_per_token: number; readonly train_per_token: number; readonly total: number | null };
  readonly memory: { readonly weights: number; readonly optimizer: number; readonly activations: number; readonly peak: number };
  readonly steps: number | null;
  readonly tokens: number | null;
  readonly lengths: { readonly raw: number; readonly inputs: number; readonly targets: number };
  /** Of an evaluation null, as its FLOPs and tokens. */
  readonly seconds: number | null;
  /** Uses of the job beyond the first: by other rows, or by several runs of one. */
  readonly shared: number;
  readonly estimates: readonly Estimate[];
}

export interface RowReport {
  readonly label: string;
  readonly values: readonly string[];
  readonly baseline: boolean;
  readonly changes: readonly { readonly path: string; readonly from: string; readonly to: string }[];
  readonly parameters: number;
  readonly tokens: number | null;
  readonly flops: number | null;
  readonly memory: number;
  /** Of all its jobs at all seeds; a shared job counts in the first row that has it. */
  readonly budget: { readonly flops: number | null; readonly seconds: number | null; readonly share: number | null };
  readonly advice: Advice | null;
}

export interface AblationReport {
  readonly ablation: { readonly name: string; readonly axes: readonly object[]; readonly seeds: readonly number[]; readonly measures: readonly string[]; readonly asserts: readonly object[]; readonly published: string | null; readonly outline: boolean; readonly time: string; readonly rows: readonly RowReport[] };
  readonly runs: readonly JobReport[];
  readonly total: { readonly jobs: number; readonly without_sharing: number; readonly flops: number | null; readonly tokens: number | null; readonly seconds: number | null; readonly memory: number; readonly estimates: readonly Estimate[] };
}

export function reportOf({ plan, asserts, published }: OpenedAblation, timing: Timing, machines: readonly Machine[]): AblationReport {
  const { spec } = plan;
  const uses = usesOf(plan);
  const label = (index: number): string => plan.rows[index].row.label;
  const firstRow = new Map(plan.jobs.map((job) => [job, Math.min(...job.rows)]));
  const trainings = plan.jobs.filter((job) => job.kind !== "evaluate");
  const runs = plan.jobs.map((job): JobReport => ({
    name: job.name,
    kind: job.kind,
    hash: job.plan?.hash ?? null,
    row: label(firstRow.get(job)!),
    rows: [...job.rows].map(label),
    seed: job.seed,
    parameters: job.costs.parameters,
    flops: job.costs.flops,
    memory: job.costs.memory,
    steps: job.kind === "evaluate" ? 0 : job.run.horizon.steps,
    tokens: job.kind === "evaluate" ? null : tokensOf(job.run),
    lengths: longest(job),
    seconds: timing.secondsOf(job),
    shared: (uses.get(job) ?? 1) - 1,
    estimates: machines.map((machine) => estimate(job.costs.flops.total, job.costs.memory.peak, machine)),
  }));
  // What evaluations cost is known only to them: sums are of training.
  const training = runs.filter((run) => run.kind !== "evaluate");
  const flops = sum(training.map((run) => run.flops.total));
  const memory = Math.max(...runs.map((run) => run.memory.peak));
  return {
    ablation: {
      name: spec.name, axes: spec.axes, seeds: spec.seeds, measures: spec.measures.map(({ name }) => name), asserts, published: published?.file ?? null, outline: plan.outline, time: timing.text,
      rows: plan.rows.map(({ row, quantities, memory: peak }, i): RowReport => {
        const own = trainings.filter((job) => firstRow.get(job) === i);
        const spent = sum(own.map((job) => job.costs.flops.total));
        const budget = { flops: spent, seconds: sum(own.map((job) => timing.secondsOf(job))), share: spent === null || !flops ? null : spent / flops };
        return { label: row.label, values: row.values, baseline: row.baseline, changes: row.changes, parameters: quantities.parameters ?? 0, tokens: quantities.tokens, flops: quantities.flops, memory: peak, budget, advice: adviceFor(quantities.parameters ?? 0, quantities.tokens) };
      }),
    },
    runs,
    total: { jobs: runs.length, without_sharing: [...uses.values()].reduce((a, b) => a + b, 0), flops, tokens: sum(training.map((run) => run.tokens)), seconds: sum(training.map((run) => run.seconds)), memory, estimates: machines.map((machine) => estimate(flops, memory, machine)) },
  };
}

/** How often each job would run if nothing were shared: once for each measure and row that needs it. */
function usesOf({ rows }: AblationPlan): Map<Job, number> {
  const uses = new Map<Job, number>();
  const add = (job: Job): void => {
    uses.set(job, (uses.get(job) ?? 0) + 1);
    job.needs.forEach(add);
  };
  for (const { cells } of rows) {
    for (const { own, measured } of cells) {
      const distinct = new Set(measured.values());
      distinct.forEach(add);
      if (!distinct.has(own) && ![...distinct].some((job) => needsJob(job, own))) add(own);
    }
  }
  return uses;
}

const needsJob = (job: Job, other: Job): boolean => job.needs.some((needed) => needed === other || needsJob(needed, other));

function longest(job: Job): JobReport["lengths"] {
  if (job.kind === "evaluate") return { raw: 0, inputs: 0, targets: 0 };
  const most = (key: "raw" | "inputs" | "targets"): number => Math.max(...job.run.objective.entries.map(({ lengths }) => lengths[key]));
  return { raw: most("raw"), inputs: most("inputs"), targets: most("targets") };
}

/** Null where one is not known. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}
