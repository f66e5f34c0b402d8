// Classes of labelled columns, read before compiling: the compiler reads no file, and a plan holds the ids of its classes.

import { check, type CheckResult } from "../../compiler/check.ts";
import type { Host } from "../../compiler/phases/1-resolve/program.ts";
import type { PlanSource } from "../../compiler/plan/schema.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { catalog } from "../catalog.ts";
import { labelsOfColumn } from "../data/labels.ts";
import { UserError } from "../files/user-error.ts";
import { neededRuns } from "./needed.ts";

export interface LabelOptions {
  /** Folder that data files are relative to. */
  readonly base: string;
  readonly signal?: AbortSignal;
  /** Where files cannot be read: leave the classes assumed instead of throwing. */
  readonly lenient?: boolean;
}

/** The file checked again with the classes of these runs, and of those that they start from. The same result where none is missing. Throws UserError (PT70xx). */
export async function withClasses(result: CheckResult, runs: readonly RunSpec[], options: LabelOptions): Promise<CheckResult> {
  const known = new Map<string, readonly string[]>();
  for (const run of new Set(runs.flatMap(neededRuns))) {
    const classes = run.task?.classes;
    if (!classes?.assumed || known.has(keyOf(run.data, classes.column))) continue;
    try {
      known.set(keyOf(run.data, classes.column), await labelsOfColumn(run.data, classes.column, options));
    } catch (error) {
      if (!options.lenient || !(error instanceof UserError)) throw error;
    }
  }
  if (known.size === 0) return result;
  const { source } = result.program.entry;
  const host: Host = { ...result.context.host, labels: (data, column) => known.get(keyOf(data, column)) };
  return check(source.text, catalog, { file: source.file, host });
}

function keyOf(source: PlanSource, column: string): string {
  return JSON.stringify([source, column]);
}
