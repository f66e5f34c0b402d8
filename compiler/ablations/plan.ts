// An ablation as jobs: each run and each evaluation of one once, however many rows and measures need it.

import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { createSink } from "../phases/1-resolve/program.ts";
import { emit } from "../phases/6-emit.ts";
import { evaluationPlan } from "../phases/emit-evaluation.ts";
import { specText } from "../phases/spec-text.ts";
import type { Context } from "../phases/2-check/context.ts";
import type { EvaluationPlan } from "../plan/evaluation.ts";
import type { Plan, PlanCosts } from "../plan/schema.ts";
import type { EvaluationSpec } from "../evaluation-spec.ts";
import type { RunSpec } from "../run-spec.ts";
import { atSeed } from "./seeds.ts";
import { outlineCosts } from "./outline.ts";
import { inRow } from "./in-row.ts";
import type { AblationSpec, AblationRow, Measure } from "./spec.ts";
import type { RowQuantity } from "./words.ts";

interface JobFacts {
  readonly name: string;
  /** Of the run that is trained, or measured. */
  readonly seed: number;
  readonly costs: PlanCosts;
  /** Runs that it starts or learns from, or measures. */
  readonly needs: readonly Job[];
  /** Rows that use it, in order. */
  readonly rows: Set<number>;
}

/** One run to train; its plan is null in an outline. */
export interface TrainingJob extends JobFacts { readonly kind: RunSpec["kind"]; readonly run: RunSpec; readonly plan: Plan | null }

/** One run to ask, after it is trained. */
export interface EvaluationJob extends JobFacts { readonly kind: "evaluate"; readonly evaluation: EvaluationSpec; readonly plan: EvaluationPlan | null }

export type Job = TrainingJob | EvaluationJob;

/** What a row runs at one seed: its own run, and those that are measured, each after what it needs. */
export interface Cell { readonly seed: number; readonly own: TrainingJob; readonly jobs: readonly Job[]; readonly measured: ReadonlyMap<Measure, Job> }

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
  const runs = new Map<string, TrainingJob>();
  const evaluations = new Map<string, EvaluationJob>();
  /** Each after those that it needs. */
  const jobs = new Set<Job>();
  const diagnostics: Diagnostic[] = [];

  const take = <J extends Job>(known: Map<string, J>, key: string, make: () => J, index: number, taken: Set<Job>): J => {
    const job = known.get(key) ?? make();
    known.set(key, job);
    for (const set of [jobs, taken]) set.add(job);
    job.rows.add(index);
    return job;
  };
  const trainingOf = (run: RunSpec, index: number, context: Context, taken: Set<Job>): TrainingJob | null => {
    const needs: TrainingJob[] = [];
    for (const needed of [...(run.from ? [run.from.run] : []), ...run.teachers.map((teacher) => teacher.run)]) {
      const job = trainingOf(needed, index, context, taken);
      if (!job) return null;
      needs.push(job);
    }
    const sink = createSink();
    const plan = outline ? null : emit(run, { ...context, sink }, undefined);
    diagnostics.push(...sink.diagnostics);
    if (!outline && !plan) return null;
    return take(runs, plan?.hash ?? `${run.seed} ${textOnce(run, context)}`, () => ({ kind: run.kind, name: run.name, run, seed: run.seed, plan, costs: plan?.costs ?? costsOnce(run, context), needs, rows: new Set() }), index, taken);
  };
  const evaluationOf = (evaluation: EvaluationSpec, index: number, context: Context, taken: Set<Job>): EvaluationJob | null => {
    const run = trainingOf(evaluation.of.run, index, context, taken);
    if (!run) return null;
    const plan = run.plan && evaluationPlan(evaluation, run.plan, context);
    // One declaration asks one run the same in every row.
    const key = plan?.hash ?? `${evaluation.name} ${run.seed} ${textOnce(run.run, context)}`;
    return take(evaluations, key, () => ({ kind: "evaluate", name: evaluation.name, evaluation, seed: run.seed, plan, costs: askingCosts(run.costs), needs: [run], rows: new Set() }), index, taken);
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
      const own = trainingOf(seeded.of(row.run), index, seeded.context, taken);
      if (!own) return refused(row);
      const measured = new Map<Measure, Job>();
      for (const measure of spec.measures) {
        const wanted = seeded.of(row.measured.get(measure.of)!);
        const job = wanted.kind === "evaluate" ? evaluationOf(wanted, index, seeded.context, taken) : trainingOf(wanted, index, seeded.context, taken);
        if (!job) return refused(row);
        measured.set(measure, job);
      }
      cells.push({ seed, own, jobs: [...taken], measured });
    }
    rows.push({ row, cells, quantities: quantitiesOf(cells[0].own), memory: Math.max(...cells[0].jobs.map((job) => job.costs.memory.peak)) });
  }
  return { plan: { spec, rows, jobs: [...jobs], outline } };
}

/** It trains nothing, and how much it reads and writes is not known before. */
function askingCosts({ parameters, flops, memory }: PlanCosts): PlanCosts {
  return { parameters: { total: parameters.total, trainable: 0 }, flops: { forward_per_token: flops.forward_per_token, train_per_token: 0, total: null }, memory: { weights: memory.weights, optimizer: 0, activations: 0, peak: memory.weights } };
}

/** Positions that a run's own training sees; null where they follow from the data. */
export function tokensOf({ horizon, batch, length }: RunSpec): number | null {
  return horizon.steps === null ? null : horizon.steps * batch * length;
}

function quantitiesOf({ run, costs }: TrainingJob): PlannedRow["quantities"] {
  return { parameters: costs.parameters.total, tokens: tokensOf(run), flops: costs.flops.total };
}
