// The plan of a checked evaluation.

import type { EvaluationSpec } from "../evaluation-spec.ts";
import { sealEvaluation, type EvaluationPlan } from "../plan/evaluation.ts";
import type { Plan } from "../plan/schema.ts";
import type { Context } from "./2-check/context.ts";
import { emit } from "./6-emit.ts";
import { evaluationText } from "./spec-evaluation.ts";

/** With the plan of the run that it measures; null after a report. */
export function emitEvaluation(spec: EvaluationSpec, context: Context): { readonly plan: EvaluationPlan; readonly run: Plan } | null {
  const run = emit(spec.of.run, context);
  return run && { run, plan: evaluationPlan(spec, run, context) };
}

/** The same where the run's plan is at hand. */
export function evaluationPlan(spec: EvaluationSpec, run: Pick<Plan, "name" | "hash">, context: Context): EvaluationPlan {
  return sealEvaluation({ format: 1, name: spec.name, kind: "evaluate", of: { run: run.name, hash: run.hash, checkpoint: spec.of.checkpoint }, spec: evaluationText(spec, context), ...spec.settings });
}
