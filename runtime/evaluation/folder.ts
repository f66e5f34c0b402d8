// The folder of an evaluation, `runs/<name>-<hash8>/`: its plan, what was answered so far, and the result.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isEvaluation, type EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import { foreignFolder } from "../../grammar/diagnostics/PT8006-foreign-folder.ts";
import { fileError } from "../files/user-error.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import type { Prediction } from "./ask.ts";

/** As a measured run has it; `metrics` by shots, and plain those of the last number of shots. */
export interface EvaluationResult {
  readonly name: string;
  readonly kind: "evaluate";
  readonly hash: string;
  readonly of: EvaluationPlan["of"];
  /** Of the checkpoint that was measured. */
  readonly step: number;
  readonly seconds: number;
  readonly tokens: number;
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly flops: null;
  readonly examples: number;
  readonly metrics: { readonly [metric: string]: number };
}

/** What the answers depend on beside the plan, and how long they took. */
export interface EvaluationState { readonly step: number; readonly data: string; readonly shots: string | null; readonly seconds: number }

/** Writes the plan and its text where they are not yet. Throws UserError (PT8006) when another evaluation is there. */
export function prepareEvaluation(folder: string, plan: EvaluationPlan): void {
  makeFolder(folder);
  const found = readJson(join(folder, "evaluation.json"));
  if (found === null) {
    writeAtomically(join(folder, "evaluation.json"), `${JSON.stringify(plan)}\n`);
    writeAtomically(join(folder, "spec.pt"), plan.spec);
  } else if (!isEvaluation(found) || found.hash !== plan.hash) throw fileError(foreignFolder, folder, { folder, found: isEvaluation(found) ? found.hash : "unknown", expected: plan.hash });
}

/** Null where there is none, or none that can be read. */
function readJson(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return "damaged";
  }
}

export function readState(folder: string): EvaluationState | null {
  const state = readJson(join(folder, "state.json")) as EvaluationState | "damaged" | null;
  return typeof state === "object" ? state : null;
}

export function writeState(folder: string, state: EvaluationState): void {
  writeAtomically(join(folder, "state.json"), `${JSON.stringify(state)}\n`);
}

export function readResult(folder: string): EvaluationResult | null {
  const result = readJson(join(folder, "result.json")) as EvaluationResult | "damaged" | null;
  return typeof result === "object" ? result : null;
}

export function writeResult(folder: string, result: EvaluationResult): void {
  writeAtomically(join(folder, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
}

/** Whole lines of `predictions.jsonl` up to one of these numbers of lines, and where they end in bytes. A line that was cut off does not count. */
export function readPredictions(folder: string, boundaries: readonly number[]): { readonly predictions: Prediction[]; readonly bytes: number } {
  const path = join(folder, "predictions.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  const read: Prediction[] = [];
  for (const line of lines) {
    try {
      read.push(JSON.parse(line) as Prediction);
    } catch {
      break;
    }
  }
  const whole = Math.max(0, ...boundaries.filter((count) => count <= read.length));
  return { predictions: read.slice(0, whole), bytes: lines.slice(0, whole).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) };
}
