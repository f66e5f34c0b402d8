// An ablation from start to end: lock, jobs, times, result.

import { join, relative } from "node:path";
import type { Job } from "../../compiler/ablations/plan.ts";
import { lockRun } from "../checkpoints/lock.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import { runFolder } from "../training/run-folder.ts";
import type { AblationResult } from "../reports/_result.ts";
import { writeFolderReport } from "../reports/_report.ts";
import { ablationHash, collect, type Times } from "./collect.ts";
import { readJson } from "./finished.ts";
import type { OpenedAblation } from "./open.ts";
import { runJobs, type JobState, type ScheduleOptions } from "./schedule.ts";

export interface AblationOutcome {
  readonly status: "done" | "failed" | "interrupted";
  readonly folder: string;
  readonly result: AblationResult;
  readonly states: ReadonlyMap<Job, JobState>;
}

/** `runs/sizes-1a2b3c4d`, beside the runs' own folders. */
export function ablationFolder(out: string, opened: OpenedAblation): string {
  return join(out, `${opened.plan.spec.name}-${ablationHash(opened).slice(0, 8)}`);
}

/** Trains what is not trained yet, asks what is not answered, and leaves the result with its report. Throws UserError (PT8105) while another process runs the same ablation. */
export async function runAblation(opened: OpenedAblation, options: Omit<ScheduleOptions, "base">): Promise<AblationOutcome> {
  const { out, backend } = options;
  const folder = ablationFolder(out, opened);
  makeFolder(out);
  const lock = lockRun(folder);
  try {
    const before = readTimes(folder);
    const started = before.started ?? new Date().toISOString();
    const seconds = { ...before.seconds };
    const begun = performance.now();
    const times = (): Times => ({ started, elapsed: before.elapsed + (performance.now() - begun) / 1000, seconds });
    writeTimes(folder, times());
    writeAtomically(join(folder, "ablation.json"), `${JSON.stringify(listOf(opened, out, folder), null, 1)}\n`);
    const states = await runJobs(opened.plan, {
      ...options,
      base: opened.base,
      onChange: (job, state) => {
        if (state.status !== "running" && state.seconds > 0) {
          // A state holds the seconds of all tries of this call.
          const { hash } = job.plan!;
          seconds[hash] = (before.seconds[hash] ?? 0) + state.seconds;
          writeTimes(folder, times());
        }
        options.onChange(job, state);
      },
    });
    // A call that finds all done adds no time.
    const worked = [...states.values()].some((state) => state.seconds > 0);
    const spent = worked ? times() : { ...before, started };
    writeTimes(folder, spent);
    const result = collect(opened, states, { out, folder, backend, times: spent });
    writeAtomically(join(folder, "result.json"), `${JSON.stringify(result, null, 1)}\n`);
    await writeFolderReport(folder);
    const statuses = [...states.values()].map((state) => state.status);
    return { status: statuses.includes("waiting") ? "interrupted" : statuses.includes("failed") ? "failed" : "done", folder, result, states };
  } finally {
    lock.release();
  }
}

/** Which run belongs to which row, for `pt watch` while there is no result. */
function listOf({ plan }: OpenedAblation, out: string, folder: string): object {
  return {
    name: plan.spec.name,
    jobs: plan.jobs.map((job) => ({ row: plan.rows[Math.min(...job.rows)].row.label, seed: job.seed, run: job.name, kind: job.kind, folder: relative(folder, runFolder(out, job.plan!)).replaceAll("\\", "/") })),
  };
}

const timesFile = "times.json";

function readTimes(folder: string): Times {
  const { started, elapsed, seconds } = readJson(join(folder, timesFile)) ?? {};
  return { started: typeof started === "string" ? started : null, elapsed: typeof elapsed === "number" ? elapsed : 0, seconds: typeof seconds === "object" && seconds !== null ? (seconds as Times["seconds"]) : {} };
}

function writeTimes(folder: string, times: Times): void {
  writeAtomically(join(folder, timesFile), `${JSON.stringify(times, null, 1)}\n`);
}
