// An `evaluate` declaration with every value filled in and checked: what becomes an evaluation plan.

import type { Place } from "../grammar/diagnostics/define.ts";
import type { Declared } from "./phases/1-resolve/program.ts";
import type { Values } from "./phases/2-check/values.ts";
import type { EvaluationPlan } from "./plan/evaluation.ts";
import type { RunSpec } from "./run-spec.ts";

/** What of the plan does not depend on the run. */
export type EvaluationSettings = Pick<EvaluationPlan, "data" | "prompt" | "template" | "shots" | "choices" | "decode" | "stop" | "chain_of_thought" | "metrics" | "limit" | "seeds">;

export interface EvaluationSpec {
  readonly kind: "evaluate";
  readonly name: string;
  readonly declared: Declared;
  readonly place: Place;
  readonly values: Values;
  /** Another run in its place gives the same evaluation of that run. */
  readonly of: { readonly run: RunSpec; readonly checkpoint: "last" | "best" | number };
  readonly settings: EvaluationSettings;
}
