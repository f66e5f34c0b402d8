// `pt ablate --emit ENGINE`: the plans of all jobs, and files that an engine runs them by.

import { basename, join, relative } from "node:path";
import type { Job } from "../../compiler/ablations/plan.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import { runName } from "../training/run-folder.ts";
import type { EngineDefinition, EngineJob } from "./engines/define.ts";
import type { OpenedAblation } from "./open.ts";
import { ablationFolder } from "./run.ts";
import { commandOf } from "./worker.ts";

/** Names of the files written, in `folder`. Throws UserError when they cannot be. */
export function emitJobs(engine: EngineDefinition, opened: OpenedAblation, { folder, spec, backend }: { readonly folder: string; readonly spec: string; readonly backend: string | null }): string[] {
  const { plan, base } = opened;
  const slashed = (path: string): string => relative(folder, path).replaceAll("\\", "/") || ".";
  const jobs = new Map<Job, EngineJob>();
  for (const job of plan.jobs) {
    const needs = job.needs.map((need) => jobs.get(need)!);
    jobs.set(job, { key: runName(job.plan!), job, command: commandOf(job), needs: needs.map((need) => need.key), level: needs.reduce((level, need) => Math.max(level, need.level + 1), 0) });
  }
  const ordered = [...jobs.values()].sort((a, b) => a.level - b.level);
  const files = engine.files({ name: plan.spec.name, folder: basename(ablationFolder("runs", opened)), jobs: ordered, spec: slashed(spec), base: slashed(base), backend });
  makeFolder(join(folder, "plans"));
  for (const { key, job } of ordered) writeAtomically(join(folder, "plans", `${key}.json`), `${JSON.stringify(job.plan)}\n`);
  for (const [name, text] of Object.entries(files)) writeAtomically(join(folder, name), text);
  return Object.keys(files);
}
