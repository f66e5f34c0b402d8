// The contract of an engine for larger machines: an ablation's jobs as files of its own form.

import type { Job } from "../../../compiler/ablations/plan.ts";

/** A job as files name it; `needs` are keys of others. */
export interface EngineJob { readonly key: string; readonly job: Job; /** Of `pt`, that takes the plan. */ readonly command: "train" | "evaluate"; readonly needs: readonly string[]; /** 0 without needs, else one more than the highest of them. */ readonly level: number }

export interface EngineInput {
  readonly name: string;
  /** The ablation's own folder among the runs. */
  readonly folder: string;
  /** In the order of levels. */
  readonly jobs: readonly EngineJob[];
  /** The spec and the folder of the data, relative to the folder of the files. */
  readonly spec: string;
  readonly base: string;
  readonly backend: string | null;
}

export interface EngineDefinition {
  readonly word: string;
  readonly doc: string;
  /** Texts by name, beside `plans/KEY.json`. */
  readonly files: (input: EngineInput) => { readonly [name: string]: string };
  /** How the jobs are started, in the folder of the files. */
  readonly start: string;
}

export function defineEngine(definition: EngineDefinition): EngineDefinition {
  return definition;
}

/** Memory to ask for, in bytes: what the plan counts, and the program. */
export function memoryOf({ job }: EngineJob): number {
  return Math.ceil((job.costs.memory.peak * 1.2 + 1e9) / 1e9) * 1e9;
}

/** Jobs of one level, which may all run at once. */
export function levelsOf(jobs: readonly EngineJob[]): EngineJob[][] {
  const levels: EngineJob[][] = [];
  for (const job of jobs) (levels[job.level] ??= []).push(job);
  return levels;
}

/** A text as one word of a POSIX shell. */
export const quoted = (text: string): string => (/^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
