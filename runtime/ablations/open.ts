// An ablation that a command line names: checked, planned, its assertions and its published table.

import { dirname, resolve } from "node:path";
import type { CheckResult } from "../../compiler/check.ts";
import { inRow } from "../../compiler/ablations/in-row.ts";
import type { AblationSpec } from "../../compiler/ablations/spec.ts";
import { planAblation, type AblationPlan } from "../../compiler/ablations/plan.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { hashOf } from "../../compiler/plan/hash.ts";
import { rowChangesNothing } from "../../grammar/diagnostics/PT5090-row-changes-nothing.ts";
import { unknownAblation } from "../../grammar/diagnostics/PT6121-unknown-ablation.ts";
import { diagnose, type Diagnostic } from "../../grammar/diagnostics/define.ts";
import { fileError, UserError } from "../files/user-error.ts";
import { withClasses } from "../runs/labels.ts";
import { assertRows, type Asserted } from "./asserts.ts";
import { readPublished, type Published } from "./published.ts";

export interface OpenedAblation {
  readonly plan: AblationPlan;
  readonly asserts: readonly Asserted[];
  readonly published: Published | null;
  /** Name of the spec's file, as it was given. */
  readonly file: string;
  /** Folder that data files are relative to. */
  readonly base: string;
  readonly warnings: readonly Diagnostic[];
}

/** `whole`: with the plans of all jobs. Throws UserError with all that is wrong. */
export async function openAblation(result: CheckResult, file: string, name: string | undefined, options: { readonly cwd: string; readonly whole: boolean; readonly base?: string; readonly signal?: AbortSignal }): Promise<OpenedAblation> {
  const names = [...result.ablations.keys()];
  const chosen = name === undefined && names.length === 1 ? names[0] : (name ?? "");
  const first = result.ablations.get(chosen);
  if (!first) throw fileError(unknownAblation, file, { name: chosen, names });
  const base = options.base === undefined ? dirname(resolve(options.cwd, file)) : resolve(options.cwd, options.base);
  // What is only looked at may stand without its files.
  const answered = await withClasses(result, runsOf(first), { base, signal: options.signal, lenient: !options.whole });
  const spec = answered.ablations.get(chosen);
  if (!spec || answered.context.sink.errors) throw new UserError(answered.diagnostics);
  const planned = planAblation(spec, options);
  if ("diagnostics" in planned) throw new UserError(planned.diagnostics);
  const { plan } = planned;
  const { asserts, diagnostics } = assertRows(plan);
  const { published, diagnostics: ofTable } = await readPublished(spec, base);
  const all = [...sameRuns(plan), ...diagnostics, ...ofTable];
  if (all.some((diagnostic) => diagnostic.severity === "error")) throw new UserError(all);
  return { plan, asserts, published, file, base, warnings: all };
}

/** Of every row: its own, and what is measured. */
function runsOf({ rows }: AblationSpec): RunSpec[] {
  return rows.flatMap(({ run, measured }) => [run, ...[...measured.values()].map((one) => (one.kind === "evaluate" ? one.of.run : one))]);
}

/** Rows that are written differently and come to one plan. */
function sameRuns({ rows, outline }: AblationPlan): Diagnostic[] {
  if (outline) return [];
  const seen = new Map<string, string>();
  return rows.flatMap(({ row, cells }) => {
    const key = hashOf({ ...cells[0].own.plan!, spec: "" });
    const same = seen.get(key);
    if (same === undefined) seen.set(key, row.label);
    return same === undefined ? [] : [inRow(diagnose(rowChangesNothing, row.place, { row: row.label, same, baseline: same === rows[0].row.label }), row.label, row.place)];
  });
}
