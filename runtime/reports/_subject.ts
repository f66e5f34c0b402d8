// What a report is about: an ablation, a run, or a folder of runs.

import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { Plan } from "../../compiler/plan/schema.ts";
import { noRunFolder } from "../../grammar/diagnostics/PT8010-no-run-folder.ts";
import { fileError, UserError } from "../files/user-error.ts";
import { readNamed } from "../files/read.ts";
import { isFolder } from "../host.ts";
import { openRunFolder } from "../runs/open.ts";
import { readComparison, type Comparison } from "./_comparison.ts";
import { readMetrics, type RunMetrics } from "./_curves.ts";
import { parseResult } from "./_result.ts";
import { summaryOf, type AblationSummary } from "./_summary.ts";

export type Subject = AblationSubject | RunSubject | RunsSubject;

export interface AblationSubject {
  readonly kind: "ablation";
  readonly title: string;
  readonly summary: AblationSummary;
  /** Of a job's folder as the result names it; null where it is not there (any more). */
  readonly metricsOf: (folder: string) => RunMetrics | null;
  readonly comparisonOf: (folder: string) => Comparison | null;
}

export interface RunSubject { readonly kind: "run"; readonly title: string; readonly run: RunRecord }

export interface RunsSubject { readonly kind: "runs"; readonly title: string; readonly runs: readonly RunRecord[]; readonly ablations: readonly { readonly folder: string; readonly summary: AblationSummary }[]; /** Folders that could not be read, and why. */ readonly unreadable: readonly { readonly folder: string; readonly why: string }[] }

/** What a measured run left in `result.json`. */
export interface RunOutcome {
  readonly name: string;
  readonly kind: string;
  readonly hash: string;
  readonly step: number;
  readonly seconds: number | null;
  /** Absent in results of earlier versions. */
  readonly waiting_seconds?: number;
  readonly tokens: number | null;
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly flops: number | null;
  readonly metrics: { readonly [metric: string]: number };
}

export interface RunRecord {
  /** The folder's own name: `small-1a2b3c4d`. */
  readonly folder: string;
  readonly name: string;
  readonly kind: string;
  readonly hash: string;
  /** Null for what has no plan, as an evaluation. */
  readonly plan: Plan | null;
  readonly metrics: RunMetrics | null;
  /** `data.json`: what was read, source by source. */
  readonly sources: readonly { readonly [key: string]: unknown }[];
  readonly outcome: RunOutcome | null;
  readonly comparison: Comparison | null;
}

/** `path` is absolute, `name` how it was given. Throws UserError. */
export async function readSubject(path: string, name: string): Promise<Subject> {
  if (!isFolder(path)) throw fileError(noRunFolder, name, { folder: name, reason: existsSync(path) ? "it is a file" : "there is no such folder" });
  const result = join(path, "result.json");
  const outcome = existsSync(result) ? jsonIn(result) : null;
  if (existsSync(result) && !existsSync(join(path, "plan.json")) && !isOutcome(outcome)) return ablationSubject(readNamed(result, join(name, "result.json")), join(name, "result.json"), path);
  if (isRun(path)) {
    const run = await readRun(path);
    return { kind: "run", title: run.name, run };
  }
  const runs: RunRecord[] = [];
  const ablations: RunsSubject["ablations"][number][] = [];
  const unreadable: RunsSubject["unreadable"][number][] = [];
  for (const folder of readdirSync(path).sort()) {
    const inner = join(path, folder);
    if (folder.startsWith(".") || !isFolder(inner) || !(isRun(inner) || existsSync(join(inner, "result.json")))) continue;
    try {
      if (isRun(inner)) runs.push(await readRun(inner));
      else ablations.push({ folder, summary: ablationSubject(readNamed(join(inner, "result.json"), join(name, folder, "result.json")), join(name, folder, "result.json"), inner).summary });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unreadable.push({ folder, why: error.diagnostics.map(({ message }) => message).join("; ") });
    }
  }
  if (!runs.length && !ablations.length && !unreadable.length) throw fileError(noRunFolder, name, { folder: name, reason: "neither `plan.json` nor `result.json` is in it, nor in a folder of it" });
  return { kind: "runs", title: `Runs in ${basename(path)}`, runs, ablations, unreadable };
}

/** `folder`: that of `result.json`. Throws UserError where the text is no result. */
export function ablationSubject(text: string, file: string, folder: string): AblationSubject {
  const result = parseResult(text, file);
  return { kind: "ablation", title: result.name, summary: summaryOf(result), metricsOf: remembered(folder, readMetrics), comparisonOf: remembered(folder, readComparison) };
}

export async function readRun(folder: string): Promise<RunRecord> {
  const found = jsonIn(join(folder, "result.json"));
  const outcome = isOutcome(found) ? found : null;
  const plan = existsSync(join(folder, "plan.json")) ? (await openRunFolder(folder)).plan : null;
  const data = jsonIn(join(folder, "data.json")) as { sources?: unknown } | null;
  return {
    folder: basename(folder),
    name: plan?.name ?? outcome?.name ?? basename(folder),
    kind: plan?.kind ?? outcome?.kind ?? "run",
    hash: plan?.hash ?? outcome?.hash ?? "",
    plan,
    metrics: readMetrics(folder),
    sources: Array.isArray(data?.sources) ? (data.sources as RunRecord["sources"]) : [],
    outcome,
    comparison: readComparison(folder),
  };
}

const isRun = (folder: string): boolean => existsSync(join(folder, "plan.json")) || isOutcome(jsonIn(join(folder, "result.json")));

function isOutcome(value: unknown): value is RunOutcome {
  const given = value as Partial<RunOutcome> | null;
  return typeof given === "object" && given !== null && typeof given.metrics === "object" && given.metrics !== null && typeof given.name === "string" && typeof given.parameters?.total === "number";
}

/** Null for what is not there or is no JSON: each reader says what it misses. */
function jsonIn(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readNamed(path, path));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A job's folder is named relative to the result's folder, to the folder of runs around it, or wholly; results that were moved keep the last part. */
function remembered<T>(folder: string, read: (folder: string) => T | null): (job: string) => T | null {
  const known = new Map<string, T | null>();
  return (job) => {
    if (!known.has(job)) {
      const places = [...(isAbsolute(job) ? [job] : [join(folder, job), join(dirname(folder), job), join(dirname(dirname(folder)), job)]), join(dirname(folder), basename(job))];
      const found = places.find((place) => isFolder(place));
      known.set(job, found === undefined ? null : read(found));
    }
    return known.get(job)!;
  };
}
