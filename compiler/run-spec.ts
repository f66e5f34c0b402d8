// A run with every value filled in and checked against every other: what phases 3 to 6 turn into a plan.

import type { Place } from "../grammar/diagnostics/define.ts";
import type { Architecture, Head } from "./architecture.ts";
import type { Declared } from "./phases/1-resolve/program.ts";
import type { Task } from "./phases/2-check/task.ts";
import type { Values } from "./phases/2-check/values.ts";
import type { Layout, Teacher } from "./layout.ts";
import type { PlanObjective } from "./objectives/plan.ts";
import type { Call, Plan, PlanSource, PlanTokenizer } from "./plan/schema.ts";

export interface RunSpec {
  readonly name: string;
  readonly kind: "pretrain" | "finetune";
  readonly declared: Declared;
  /** The run that it starts from. */
  readonly from: { readonly run: RunSpec; readonly checkpoint: "last" | "best" | number } | null;
  /** The folder of another program's model that it starts from instead. */
  readonly imported: { readonly folder: string; readonly hash: string } | null;
  /** Its fields as they were written, with those that it takes over from what it starts from. */
  readonly fields: Declared["fields"];
  /** Runs that its objective learns from. */
  readonly teachers: readonly Teacher[];
  readonly place: Place;
  /** Evaluated fields with their origins. */
  readonly values: Values;
  readonly architecture: Architecture;
  /** Heads that the objective trains. */
  readonly heads: readonly Head[];
  /** What a `finetune` learns. */
  readonly task: Task | null;
  /** What it trains of the model, and adds to it (adapt.ts); null: it trains everything. `architecture` is without it. */
  readonly adapt: Call | null;
  /** Of a `finetune`: whether it is compared with random weights, the points of its learning curve, and how many examples it trains on itself (null: all). */
  readonly variants: { readonly scratch: boolean; readonly curve: readonly number[]; readonly examples: number | null };
  readonly tokenizer: PlanTokenizer;
  /** Null for a run on synthetic data that names none. */
  readonly tokenizerDeclared: Declared | null;
  readonly data: PlanSource;
  readonly objective: PlanObjective;
  readonly layout: Layout;
  readonly length: number;
  readonly pack: boolean;
  readonly batch: number;
  readonly horizon: Plan["horizon"];
  readonly optimizer: Call;
  readonly schedule: Call;
  readonly precision: string;
  readonly memory: number | null;
  readonly guard: Plan["guard"];
  readonly evaluation: Plan["evaluation"];
  readonly checkpoints: Plan["checkpoints"];
  readonly samples: Plan["samples"];
  readonly seed: number;
}
