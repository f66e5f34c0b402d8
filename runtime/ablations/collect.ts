// What the jobs of an ablation measured, as the table that reports are made of.

import { cpus } from "node:os";
import { relative } from "node:path";
import type { Cell, Job, PlannedRow } from "../../compiler/ablations/plan.ts";
import { instancesOf } from "../../compiler/architecture.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { hashOf } from "../../compiler/plan/hash.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { maskText, numberText } from "../../compiler/value-text.ts";
import { runFolder } from "../training/run-folder.ts";
import { version } from "../version.ts";
import type { AblationJob, AblationResult, AblationRow } from "../reports/_result.ts";
import { finishedJob } from "./finished.ts";
import type { OpenedAblation } from "./open.ts";
import type { JobState } from "./schedule.ts";

/** Of what the ablation means: its rows, seeds, measures and comparison, not its layout. */
export function ablationHash({ plan: { spec, rows }, published }: OpenedAblation): string {
  const { name, axes, seeds, measures, asserts, fit } = spec;
  return hashOf({
    name, axes, seeds, fit, published,
    measures: measures.map((measure) => measure.name),
    asserts: asserts.map(({ what, within }) => ({ what, within })),
    rows: rows.map(({ row, cells }) => ({ label: row.label, runs: cells.map(({ jobs }) => jobs.map((job) => job.plan!.hash)) })),
  });
}

/** Of processes from start to end, in seconds: of all calls that worked on the ablation together, and of jobs by hash. */
export interface Times { readonly started: string | null; readonly elapsed: number; readonly seconds: { readonly [hash: string]: number } }

/** All but `machine`, `started` and seconds depends on the spec and on what the runs measured alone. */
export function collect(opened: OpenedAblation, states: ReadonlyMap<Job, JobState>, { out, folder, backend, times }: { readonly out: string; readonly folder: string; readonly backend: string; readonly times: Times }): AblationResult {
  const { plan, asserts, published, file } = opened;
  const { spec } = plan;
  const { source } = spec.declared.scope;
  const found = new Map(plan.jobs.map((job) => [job, states.get(job)?.status === "done" ? finishedJob(out, job) : null]));
  // A run notes its training alone; a job also opens its data and starts.
  const secondsOf = (job: Job): number | null => times.seconds[job.plan!.hash] ?? found.get(job)?.seconds ?? null;
  const jobOf = (job: Job, seed: number): AblationJob => {
    const state = states.get(job);
    const status = state?.status === "done" || state?.status === "failed" ? state.status : "waiting";
    const { hash, name } = job.plan!;
    return { seed, run: name, kind: job.kind, hash, folder: relative(folder, runFolder(out, job.plan!)).replaceAll("\\", "/"), shared: job.rows.size > 1, status, why: status === "failed" ? state!.why : null, seconds: secondsOf(job), metrics: found.get(job)?.metrics ?? {} };
  };
  const resultsOf = (cells: readonly Cell[]): AblationRow["results"] => Object.fromEntries(spec.measures.map((measure) => [measure.name, cells.flatMap(({ seed, measured }) => {
    const value = found.get(measured.get(measure)!)?.metrics[measure.metric];
    return typeof value === "number" && Number.isFinite(value) ? [{ seed, value }] : [];
  })]));
  return {
    name: spec.name, file, spec: source.text, hash: ablationHash(opened),
    machine: { cpu: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length, backend, version }, started: times.started,
    seconds: times.elapsed,
    seeds: spec.seeds, axes: spec.axes,
    measures: spec.measures.map(({ name, metric, higherIsBetter }) => ({ name, metric, higher_is_better: higherIsBetter })),
    rows: plan.rows.map(({ row, cells, quantities, memory }: PlannedRow): AblationRow => ({
      label: row.label, values: row.values, baseline: row.baseline, spec: cells[0].own.plan!.spec, changes: row.changes,
      parameters: quantities.parameters ?? 0, flops: quantities.flops, tokens: quantities.tokens, memory,
      model: modelText(row.run), masks: masksOf(row.run),
      jobs: cells.flatMap(({ seed, jobs }) => jobs.map((job) => jobOf(job, seed))),
      results: resultsOf(cells),
    })),
    published, fit: spec.fit, asserts,
  };
}

/** `tiny(width: 16, layers: 2)`: what its parameters came to. */
function modelText({ architecture: { name, parameters } }: RunSpec): string {
  const list = Object.entries(parameters).flatMap(([key, value]) => (typeof value === "number" ? [`${key}: ${numberText(value)}`] : typeof value === "boolean" ? [`${key}: ${value ? "on" : "off"}`] : []));
  return list.length ? `${name}(${list.join(", ")})` : name;
}

/** The different masks of its attentions, each by the first that has it. */
function masksOf(run: RunSpec): AblationRow["masks"] {
  const seen = new Map<string, string>();
  for (const { path, args } of instancesOf(run.architecture, run.heads)) {
    if (typeof args["mask"] !== "object" || args["mask"] === null) continue;
    const text = maskText(args["mask"] as unknown as MaskExpression);
    if (!seen.has(text)) seen.set(text, path.replace(/\.layers(_\d+)?\.\d+/, ""));
  }
  return [...seen].map(([expression, title]) => ({ title, expression }));
}
