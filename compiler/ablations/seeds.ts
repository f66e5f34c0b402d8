// The runs of a row at one of its seeds.

import { reaches } from "../phases/2-check/ablations/measures.ts";
import type { Context } from "../phases/2-check/context.ts";
import type { Value } from "../phases/2-check/values.ts";
import type { RunSpec } from "../run-spec.ts";
import type { AblationRow, Measured } from "./spec.ts";

/** Gives a run or an evaluation at the seed, the same run each time; and the context in which it is emitted. */
export interface Seeded { readonly of: { (run: RunSpec): RunSpec; (measured: Measured): Measured }; readonly context: Context }

/** The row's run and all that starts or learns from it have the seed; the others keep theirs, and are shared by the rows. An evaluation keeps its own: every row and seed is asked the same. */
export function atSeed(row: AblationRow, seed: number, built?: Map<string, unknown>): Seeded {
  const base = row.run.declared;
  const known = new Map<RunSpec, RunSpec>();
  const value: Value = { kind: "number", value: seed, unit: null, percent: false, origin: { how: "override", place: row.place, note: "a seed of the ablation" } };
  const runAt = (run: RunSpec): RunSpec => {
    const found = known.get(run);
    if (found) return found;
    const seeded: RunSpec = reaches(run, base)
      ? { ...run, seed, values: { ...run.values, seed: value }, from: run.from && { ...run.from, run: runAt(run.from.run) }, teachers: run.teachers.map((teacher) => ({ ...teacher, run: runAt(teacher.run) })) }
      : run;
    known.set(run, seeded);
    return seeded;
  };
  const runs = new Map([...row.context.runs].map(([declared, run]) => [declared, run && runAt(run as RunSpec)]));
  const of = ((measured: Measured): Measured => (measured.kind === "evaluate" ? { ...measured, of: { ...measured.of, run: runAt(measured.of.run) } } : runAt(measured))) as Seeded["of"];
  return { of, context: { ...row.context, runs, ...(built ? { built } : {}) } };
}
