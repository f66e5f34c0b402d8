// Whether a job is done, and what it measured: from its folder alone.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "../../compiler/ablations/plan.ts";
import { listCheckpoints } from "../checkpoints/checkpoint.ts";
import { runFolder } from "../training/run-folder.ts";

export interface Finished { readonly metrics: { readonly [metric: string]: number }; /** Null where the run did not note it. */ readonly seconds: number | null }

/** Null for one that is not done. */
export function finishedJob(out: string, job: Job): Finished | null {
  const plan = job.plan!;
  const folder = runFolder(out, plan);
  const result = readJson(join(folder, "result.json"));
  if (result?.hash === plan.hash && isMetrics(result.metrics)) return { metrics: result.metrics, seconds: typeof result.seconds === "number" ? result.seconds : null };
  if (job.kind === "evaluate") return null;
  // A run that left no result is done when its last checkpoint is that of its last step.
  const last = listCheckpoints(folder).at(-1);
  const { steps } = job.run.horizon;
  if (!last || steps === null || last.step < steps) return null;
  const state = readJson(join(last.folder, "state.json"));
  return state?.plan === plan.hash ? { metrics: isMetrics(state.metrics) ? state.metrics : {}, seconds: null } : null;
}

/** Undefined for what is not there or no JSON object. */
export function readJson(path: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as { [key: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

function isMetrics(value: unknown): value is Finished["metrics"] {
  return typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "number" || one === null);
}
