// `result.json` of a finished run: its last measurement with what it cost, for tables and reports.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../compiler/plan/schema.ts";
import { writeAtomically } from "../files/write.ts";
import type { RunState } from "../training/state.ts";

export interface RunResult {
  readonly name: string;
  readonly kind: string;
  readonly hash: string;
  readonly step: number;
  /** Of all calls that trained it to an end or were interrupted in good order. */
  readonly seconds: number;
  /** Of these, how long training waited for its batches. */
  readonly waiting_seconds: number;
  readonly tokens: number;
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly flops: number | null;
  /** Of a task those of the best evaluation, else those of the last. */
  readonly metrics: { readonly [metric: string]: number };
}

const resultFile = "result.json";
const elapsedFile = "elapsed.json";

export function writeResult(folder: string, plan: Plan, { step, tokens, ...call }: Pick<RunResult, "step" | "tokens"> & Elapsed, state: Pick<RunState, "metrics" | "best">): void {
  const { name, kind, hash, costs } = plan;
  const result: RunResult = { name, kind, hash, step, ...together(elapsedIn(folder), call), tokens, parameters: costs.parameters, flops: costs.flops.total ?? costs.flops.train_per_token * tokens, metrics: state.best?.metrics ?? state.metrics ?? {} };
  writeAtomically(join(folder, resultFile), `${JSON.stringify(result, null, 2)}\n`);
}

/** Null where the run is not done. */
export function readResult(folder: string): RunResult | null {
  const path = join(folder, resultFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RunResult) : null;
}

/** What does not depend on the result alone: how long a call took. */
type Elapsed = Pick<RunResult, "seconds" | "waiting_seconds">;

/** Notes the seconds of a call that was interrupted. */
export function addElapsed(folder: string, call: Elapsed): void {
  writeAtomically(join(folder, elapsedFile), `${JSON.stringify(together(elapsedIn(folder), call))}\n`);
}

function together(a: Elapsed, b: Elapsed): Elapsed {
  return { seconds: a.seconds + b.seconds, waiting_seconds: a.waiting_seconds + b.waiting_seconds };
}

function elapsedIn(folder: string): Elapsed {
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  try {
    const { seconds, waiting_seconds } = JSON.parse(readFileSync(join(folder, elapsedFile), "utf8")) as { [key: string]: unknown };
    return { seconds: number(seconds), waiting_seconds: number(waiting_seconds) };
  } catch {
    return { seconds: 0, waiting_seconds: 0 };
  }
}
