// Curves of a run, of an ablation or of a folder of runs, as they stand on the disk; read again only where files grew.

import { closeSync, existsSync, fstatSync, openSync, readSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { readJson } from "../ablations/finished.ts";

type Point = readonly [step: number, value: number];

export interface WatchedRun {
  readonly name: string;
  /** The row of an ablation, else the run's name. */
  readonly group: string;
  readonly seed: number | null;
  readonly step: number;
  readonly steps: number | null;
  /** Curves by name: `loss`, and what is measured on held-out data; of an ablation's several runs with the run's name before. */
  readonly curves: { readonly [name: string]: readonly Point[] };
}

export interface Snapshot { readonly title: string; /** Runs that an ablation will have. */ readonly jobs?: number; readonly runs: readonly WatchedRun[] }

/** Of a curve, enough for a screen. */
const mostPoints = 400;
/** Runs of a folder that are shown, the latest first. */
const mostRuns = 60;

export interface Watcher { /** Null where nothing is to be seen (yet). */ readonly read: () => Snapshot | null }

export function watcher(folder: string): Watcher {
  const readers = new Map<string, () => Curves>();
  const curvesOf = (run: string): Curves => {
    if (!readers.has(run)) readers.set(run, metricsReader(join(run, "metrics.jsonl")));
    return readers.get(run)!();
  };
  const watched = (run: string, group: string | null, seed: number | null, of = ""): WatchedRun => {
    const plan = planOf(run);
    const { curves, step } = curvesOf(run);
    return { name: basename(run), group: group ?? basename(run), seed: seed ?? plan.seed, step, steps: plan.steps, curves: Object.fromEntries([...curves].map(([name, points]) => [of + name, thinned(points)])) };
  };
  return {
    read() {
      const ablation = readJson(join(folder, "ablation.json"));
      if (ablation) {
        const jobs = (ablation.jobs ?? []) as readonly { row: string; seed: number; run: string; folder: string }[];
        // The loss of a fine-tuning is none to compare with that of its pretraining.
        const several = new Set(jobs.map(({ run }) => run)).size > 1;
        return { title: String(ablation.name), jobs: new Set(jobs.map((job) => job.folder)).size, runs: jobs.map((job) => ({ ...job, at: resolve(folder, job.folder) })).filter(({ at }) => existsSync(join(at, "metrics.jsonl"))).map(({ at, row, seed, run }) => watched(at, row, seed, several ? `${run}: ` : "")) };
      }
      if (existsSync(join(folder, "plan.json"))) return { title: basename(folder), runs: [watched(folder, null, null)] };
      const runs = foldersIn(folder).filter((run) => existsSync(join(run, "metrics.jsonl"))).sort((a, b) => changed(b) - changed(a)).slice(0, mostRuns);
      return runs.length ? { title: basename(folder), runs: runs.map((run) => watched(run, null, null)) } : null;
    },
  };
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

const changed = (run: string): number => statSync(join(run, "metrics.jsonl"), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const plans = new Map<string, { steps: number | null; seed: number | null }>();

/** Plans do not change; they are large, and read once. */
function planOf(run: string): { steps: number | null; seed: number | null } {
  const known = plans.get(run);
  if (known) return known;
  const plan = readJson(join(run, "plan.json"));
  if (!plan) return { steps: null, seed: null };
  const [horizon, seeds] = [plan.horizon as { steps?: number | null } | undefined, plan.seeds as { run?: number } | undefined];
  const found = { steps: horizon?.steps ?? null, seed: seeds?.run ?? null };
  plans.set(run, found);
  return found;
}

interface Curves { readonly curves: ReadonlyMap<string, readonly Point[]>; readonly step: number }

/** Lines that were added since the last call; a file that was cut off is read anew. */
function metricsReader(path: string): () => Curves {
  let [end, rest, step] = [0, "", 0];
  let curves = new Map<string, Point[]>();
  const add = (name: string, at: number, value: unknown): void => {
    if (typeof value !== "number" || !Number.isFinite(value)) return;
    if (!curves.has(name)) curves.set(name, []);
    curves.get(name)!.push([at, value]);
  };
  const line = (text: string): void => {
    let value: { step?: unknown; loss?: unknown; evaluation?: unknown };
    try {
      value = JSON.parse(text) as typeof value;
    } catch {
      return;
    }
    if (typeof value.step !== "number") return;
    step = Math.max(step, value.step);
    add("loss", value.step, value.loss);
    for (const [name, number] of Object.entries((value.evaluation ?? {}) as object)) add(`held-out ${name.replaceAll("_", " ")}`, value.step, number);
  };
  return () => {
    let file: number;
    try {
      file = openSync(path, "r");
    } catch {
      return { curves, step };
    }
    try {
      const { size } = fstatSync(file);
      if (size < end) {
        [end, rest, step] = [0, "", 0];
        curves = new Map();
      }
      const bytes = Buffer.alloc(size - end);
      readSync(file, bytes, 0, bytes.length, end);
      end = size;
      const lines = (rest + bytes.toString("utf8")).split("\n");
      rest = lines.pop()!;
      lines.forEach(line);
    } finally {
      closeSync(file);
    }
    return { curves, step };
  };
}

/** Means of neighbours, so that no more points are left than a screen shows. */
function thinned(points: readonly Point[]): readonly Point[] {
  const size = Math.ceil(points.length / mostPoints);
  if (size <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const some = points.slice(i * size, (i + 1) * size);
    return [some.at(-1)![0], some.reduce((sum, [, value]) => sum + value, 0) / some.length] as const;
  });
}
