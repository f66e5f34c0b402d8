// How long jobs take on this machine: measured steps of their own plans, or the speed of its matrix products.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Job } from "../../compiler/ablations/plan.ts";
import { hashOf } from "../../compiler/plan/hash.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { measureBackend } from "../backends/_measure.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import { benchPlan } from "../training/bench.ts";

/** Share of the speed of matrix products that a step is taken to reach where none was measured. */
export const assumedShare = 0.4;

export interface Timing {
  /** Seconds of a job with all these threads; null where its steps are not known before the data is read, nothing was measured, or it is an evaluation. */
  readonly secondsOf: (job: Job) => number | null;
  readonly text: string;
}

/** Seconds of steps by graph, and GFLOP/s, by backend and threads. */
type Cache = { [key: string]: number };

const steps = 3;

export interface CalibrationOptions { readonly out: string; readonly backend: string; readonly threads?: number; /** Measure what is not in the cache. */ readonly measure: boolean; /** Without a measured step, measure a matrix product. */ readonly product: boolean; readonly progress?: (done: number, all: number) => void }

export async function timingOf(jobs: readonly Job[], { out, backend, threads = threadsHere(), measure, product, progress }: CalibrationOptions): Promise<Timing> {
  const path = join(out, ".cache", "calibration.json");
  const cache = readCache(path);
  const where = `${backend} ${threads}`;
  const plans = new Map<string, Plan>();
  const keyOf = new Map<Job, string>();
  for (const job of jobs) {
    if (!job.plan || job.kind === "evaluate") continue;
    const key = `${stepHash(job.plan)} ${where}`;
    keyOf.set(job, key);
    plans.set(key, job.plan);
  }
  const missing = measure ? [...plans].filter(([key]) => cache[key] === undefined) : [];
  for (const [i, [key, plan]] of missing.entries()) {
    progress?.(i, missing.length);
    cache[key] = (await benchPlan(plan, backend, steps)).step_seconds.median;
  }
  const speedKey = `product ${where}`;
  const trained = jobs.filter((job) => job.kind !== "evaluate");
  const unmeasured = trained.filter((job) => cache[keyOf.get(job) ?? ""] === undefined).length;
  const slow = unmeasured > 0 && product && cache[speedKey] === undefined;
  if (slow) cache[speedKey] = await measureBackend(backend);
  if (missing.length || slow) writeCache(path, cache);
  const speed = cache[speedKey];
  const on = `${backend}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return {
    secondsOf: (job) => {
      if (job.kind === "evaluate") return null;
      const total = job.plan?.horizon.steps ?? job.run.horizon.steps;
      const step = cache[keyOf.get(job) ?? ""];
      if (step !== undefined && total !== null) return step * total;
      return speed === undefined || job.costs.flops.total === null ? null : job.costs.flops.total / (speed * 1e9 * assumedShare);
    },
    text: unmeasured === 0 ? `from measured steps of each plan (${on}; data, evaluation and saving come on top)`
      : speed === undefined ? "not measured here yet; `--calibrate` times a few steps of each plan"
        : `${unmeasured < trained.length ? "in part " : ""}estimated from FLOPs at ${100 * assumedShare} % of ${Math.round(speed)} GFLOP/s (${on}); \`--calibrate\` times a few steps of each plan`,
  };
}

export function threadsHere(): number {
  const asked = Number(process.env["PT_THREADS"]);
  return Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
}

const hashes = new WeakMap<object, string>();

/** What a step of a plan does, whatever its seed and data. */
function stepHash({ graphs, batch }: Plan): string {
  const known = hashes.get(graphs.train) ?? hashOf({ train: graphs.train, update: graphs.update, batch });
  hashes.set(graphs.train, known);
  return known;
}

function readCache(path: string): Cache {
  try {
    const found: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Object.fromEntries(Object.entries(found as Cache).filter(([, value]) => typeof value === "number" && Number.isFinite(value)));
  } catch {
    return {};
  }
}

function writeCache(path: string, cache: Cache): void {
  makeFolder(join(path, ".."));
  writeAtomically(path, `${JSON.stringify(cache, null, 1)}\n`);
}
