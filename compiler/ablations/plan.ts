// An ablation as jobs: each run once, however many rows and measures need it.

import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { createSink } from "../phases/1-resolve/program.ts";
import { emit } from "../phases/6-emit.ts";
import { specText } from "../phases/spec-text.ts";
import type { Context } from "../phases/2-check/context.ts";
import type { Plan, PlanCosts } from "../plan/schema.ts";
import type { RunSpec } from "../run-spec.ts";
import { atSeed } from "./seeds.ts";
import { outlineCosts } from "./outline.ts";
import { inRow } from "./in-row.ts";
import type { AblationSpec, AblationRow, Measure } from "./spec.ts";
import type { RowQuantity } from "./words.ts";

/** One run to train. */
export interface Job {
  readonly run: RunSpec;
  readonly seed: number;
  /** Null in an outline. */
  readonly plan: Plan | null;
  readonly costs: PlanCosts;
  /** Runs that it starts or learns from. */
  readonly needs: readonly Job[];
  /** Rows that use it, in order. */
  readonly rows: Set<number>;
}

/** What a row runs at one seed: its own run, and those that are measured, each after what it needs. */
export interface Cell { readonly seed: number; readonly own: Job; readonly jobs: readonly Job[]; readonly measured: ReadonlyMap<Measure, Job> }

export interface PlannedRow { readonly row: AblationRow; readonly cells: readonly Cell[]; readonly quantities: { readonly [quantity in RowQuantity]: number | null }; readonly memory: number }

export interface AblationPlan {
  readonly spec: AblationSpec;
  readonly rows: readonly PlannedRow[];
  /** Each after those that it needs. */
  readonly jobs: readonly Job[];
  /** Costs alone, without plans and hashes: FLOPs and memory of a batch are estimated from an example. */
  readonly outline: boolean;
}

/** Above so many jobs an ablation that is only looked at is outlined. */
const mostPlanned = 64;

/** `whole`: plans of all jobs, whatever their number. Null with diagnostics when a plan cannot be made. */
export function planAblation(spec: AblationSpec, { whole }: { readonly whole: boolean }): { readonly plan: AblationPlan } | { readonly diagnostics: readonly Diagnostic[] } {
  const outline = !whole && spec.rows.length * spec.seeds.length * new Set(spec.measures.map(({ of }) => of)).size > mostPlanned;
  const built = new Map<string, unknown>();
  const costs = new Map<string, PlanCosts>();
  const examples = new Map<string, PlanCosts>();
  const jobs = new Map<string, Job>();
  const diagnostics: Diagnostic[] = [];

  const jobOf = (run: RunSpec, seed: number, index: number, context: Context, taken: Set<Job>): Job | null => {
    const needs: Job[] = [];
    for (const needed of [...(run.from ? [run.from.run] : []), ...run.teachers.map((teacher) => teacher.run)]) {
      const job = jobOf(needed, seed, index, context, taken);
      if (!job) return null;
      needs.push(job);
    }
    const sink = createSink();
    const plan = outline ? null : emit(run, { ...context, sink }, undefined);
    diagnostics.push(...sink.diagnostics);
    if (!outline && !plan) return null;
    const key = plan?.hash ?? `${run.seed} ${textOnce(run, context)}`;
    let job = jobs.get(key);
    if (!job) jobs.set(key, (job = { run, seed: run.seed, plan, costs: plan?.costs ?? costsOnce(run, context), needs, rows: new Set() }));
    job.rows.add(index);
    taken.add(job);
    return job;
  };
  // Runs with one layout differ in their seeds alone.
  const texts = new WeakMap<object, string>();
  const textOnce = (run: RunSpec, context: Context): string => texts.get(run.layout) ?? (texts.set(run.layout, specText(run, context)), texts.get(run.layout)!);
  const costsOnce = (run: RunSpec, context: Context): PlanCosts => {
    const text = textOnce(run, context);
    const known = costs.get(text) ?? outlineCosts(run, context, examples);
    costs.set(text, known);
    return known;
  };
  const refused = (row: AblationRow) => ({ diagnostics: diagnostics.map((diagnostic) => inRow(diagnostic, row.label, row.place)) });
  const rows: PlannedRow[] = [];
  for (const [index, row] of spec.rows.entries()) {
    texts.set(row.run.layout, row.text);
    const cells: Cell[] = [];
    for (const seed of spec.seeds) {
      const seeded = atSeed(row, seed, built);
      const taken = new Set<Job>();
      const own = jobOf(seeded.of(row.run), seed, index, seeded.context, taken);
      if (!own) return refused(row);
      const measured = new Map<Measure, Job>();
      for (const measure of spec.measures) {
        const job = jobOf(seeded.of(row.measured.get(measure.of)!), seed, index, seeded.context, taken);
        if (!job) return refused(row);
        measured.set(measure, job);
      }
      cells.push({ seed, own, jobs: [...taken], measured });
    }
    rows.push({ row, cells, quantities: quantitiesOf(cells[0].own), memory: Math.max(...cells[0].jobs.map((job) => job.costs.memory.peak)) });
  }
  return { plan: { spec, rows, jobs: [...jobs.values()], outline } };
}

/** Positions that a run's own training sees; null where they follow from the data. */
export function tokensOf({ horizon, batch, length }: RunSpec): number | null {
  return horizon.steps === null ? null : horizon.steps * batch * length;
}

function quantitiesOf({ run, costs }: Job): PlannedRow["quantities"] {
  return { parameters: costs.parameters.total, tokens: tokensOf(run), flops: costs.flops.total };
}
