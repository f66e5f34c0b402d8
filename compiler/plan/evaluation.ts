// The plan of an `evaluate`: which weights are asked what, and how answers are scored. Sealed by a hash as a run's plan is.

import type { PlanChat } from "../chat.ts";
import type { PlanPrompt } from "../template.ts";
import { hashOf } from "./hash.ts";
import type { Call, PlanSource } from "./schema.ts";

export interface PlanShots {
  /** Each is measured. */
  readonly counts: readonly number[];
  /** Null where no count is above 0. */
  readonly from: PlanSource | null;
  /** Null with a template, which says itself how messages follow one another. */
  readonly separator: string | null;
}

export interface PlanChoices {
  /** The hole of `targets` that a choice stands in. */
  readonly hole: string;
  /** Texts of templates, or a column of lists. */
  readonly texts: readonly string[] | null;
  readonly column: string | null;
  /** How the right one is known: its text is that of the row, or its number is that of the row's class. */
  readonly right: "text" | "class";
  readonly normalize: "none" | "tokens" | "bytes";
}

/** How an answer is found behind its reasoning. */
export interface PlanAnswer { readonly after: string | null; readonly pattern: string | null }

export interface EvaluationPlan {
  readonly format: 1;
  readonly hash: string;
  readonly name: string;
  readonly kind: "evaluate";
  /** The run whose weights answer, by the hash of its plan. */
  readonly of: { readonly run: string; readonly hash: string; readonly checkpoint: "last" | "best" | number };
  /** The evaluation and all it needs as one `.pt` text. */
  readonly spec: string;
  readonly data: PlanSource;
  readonly prompt: PlanPrompt;
  readonly template: PlanChat | null;
  readonly shots: PlanShots;
  /** Null: answers are generated. */
  readonly choices: PlanChoices | null;
  /** Null with choices. */
  readonly decode: Call | null;
  /** Texts that end an answer. */
  readonly stop: readonly string[];
  readonly chain_of_thought: PlanAnswer | null;
  readonly metrics: readonly Call[];
  readonly limit: number | null;
  readonly seeds: { readonly run: number };
}

/** The plan with its hash: the same text and catalog give the same bytes anywhere. */
export function sealEvaluation(plan: Omit<EvaluationPlan, "hash">): EvaluationPlan {
  return { ...plan, hash: hashOf(plan) };
}

/** Whether the text of a file is a whole evaluation plan that nobody edited. */
export function isEvaluation(json: unknown): json is EvaluationPlan {
  const { kind, format, hash } = (json ?? {}) as { kind?: unknown; format?: unknown; hash?: unknown };
  return kind === "evaluate" && format === 1 && hash === hashOf(json as object);
}
