// The Plan: what the compiler hands to the runtime. Fixed field names; canonical JSON is hashed (`hash.ts`).

import type { PlanObjective } from "../objectives/plan.ts";
import type { Graph, Shape } from "../graph/node.ts";

/** A word of a registry with its arguments resolved: `{ word: "cosine", arguments: { warmup: … } }`. */
export interface Call { readonly word: string; readonly arguments: { readonly [name: string]: Resolved } }
export type Resolved = number | string | boolean | null | Quantity | Call | readonly Resolved[] | { readonly [name: string]: Resolved };
/** A number with a unit: steps, tokens, examples, epochs, bytes, seconds. Percent of a horizon is unit `percent` with value 0–100. */
export interface Quantity { readonly value: number; readonly unit: string }

export interface InitializerSpec { readonly word: string; readonly arguments: { readonly [name: string]: number } }

export interface PlanParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: InitializerSpec;
  readonly trainable: boolean;
  /** Stored and used, never trained, and not counted. */
  readonly buffer?: true;
  /** Matrices and embeddings decay; norms and biases do not (unless the optimizer says `decay: everything`). */
  readonly decay: boolean;
  /** Paths of further places that use this one tensor. */
  readonly shared_by: readonly string[];
}

/** Where examples come from. */
export type PlanSource = PlanFiles | PlanSynthetic | PlanMixture;

/** A split, and the part of it that is meant; both null for a source without one. */
export interface PlanPart {
  readonly split: { readonly by: "document" | "position"; readonly parts: { readonly [part: string]: number } } | null;
  readonly part: string | null;
}

export interface PlanFiles extends PlanPart {
  readonly kind: "files";
  readonly files: readonly string[];
  readonly format: string;
  /** Columns of a table by our names; empty for formats that hold nothing but text. */
  readonly columns: { readonly [name: string]: PlanColumn };
  /** The column that pretraining reads; null where there is none, or several. */
  readonly text: string | null;
  /** Rules of cleaning in their order, presets expanded. */
  readonly clean: readonly Call[];
  /** The share of malformed rows above which reading stops. */
  readonly malformed: number;
}

/**
 * `column`: its name in the file, or its number from 1 in a file without header. `labels`: the classes in the order of their ids, where
 * the spec names them. `pattern`: a regular expression; its group, or groups one after the other for lists, is the value.
 * `names`: what templates write for the labels; `step`: of which number they write the nearest multiple.
 */
export interface PlanColumn { readonly type: string; readonly column: string | number; readonly labels: readonly string[] | null; readonly pattern?: string; readonly names?: readonly string[]; readonly step?: number; /** Of a column of images alone. */ readonly image?: PlanImageColumn }

/** How an image comes to the size and the values that a model reads; `mean` and `std` have a value a channel, or one for all. */
export interface PlanImageColumn {
  readonly stored: "file" | "base64";
  readonly fit: "crop" | "stretch";
  readonly resize: "bilinear" | "bicubic";
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Documents that are drawn, not read: token ids as numbers. */
export interface PlanSynthetic extends PlanPart { readonly kind: "synthetic"; readonly generator: Call }

/** Shares sum to 1. An entry is never a mixture: nested ones are multiplied out. */
export interface PlanMixture {
  readonly kind: "mixture";
  readonly entries: readonly { readonly name: string; readonly share: number; readonly source: PlanFiles | PlanSynthetic }[];
}

export interface PlanTokenizer {
  readonly kind: Call | null;
  readonly file: string | null;
  readonly trained_on: PlanSource | null;
  /** Names of special tokens, by their id order for a trained kind; for `file`, name → the vocabulary's own text. */
  readonly special: readonly { readonly name: string; readonly text: string }[];
  readonly sentinels: number;
  /** Size of the vocabulary, special tokens and sentinels included. */
  readonly vocab: number;
}

export interface PlanCosts {
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly flops: { readonly forward_per_token: number; readonly train_per_token: number; readonly total: number | null };
  readonly memory: { readonly weights: number; readonly optimizer: number; readonly activations: number; readonly peak: number };
}

export interface Plan {
  readonly format: 4;
  readonly hash: string;
  readonly name: string;
  readonly kind: "pretrain" | "finetune";
  /** The run whose weights it starts from, by the hash of its plan; or `imported`, the folder of another program's model, by that of its configuration. */
  readonly from: { readonly run: string; readonly hash: string; readonly checkpoint: "last" | "best" | number; readonly imported: boolean } | null;
  /** Runs whose outputs the train graph compares with; `name` is that of its inputs `teacher:NAME:WEIGHT`. */
  readonly teachers: readonly { readonly name: string; readonly run: string; readonly hash: string; readonly checkpoint: "last" | "best" | number }[];
  /** The run and all it needs as one `.pt` text, every value written out. */
  readonly spec: string;
  readonly parameters: readonly PlanParameter[];
  /** Which of them are trained, and what is added to the model for it; null: everything, nothing. */
  readonly adapt: Call | null;
  /**
   * `train`: one micro-batch, forward and backward; inputs are parameters by name, the fields of a batch (runtime/data/fields.ts), weights of teachers and `random`; outputs `loss` (the weighted sum of the losses, each divided by its `HEAD.count`), `loss:HEAD` where there are several, and `gradient:NAME`.
   * `statistics`: what a layer's loss must know of the whole batch, from a forward pass over each micro-batch whose outputs are added up and become inputs of `train`: `balance:N.choices`. Null where no loss needs it, or a batch is one micro-batch.
   * `update`: `parameter`s, `gradient:NAME`, `state:NAME.KEY`, `rate`, `step` → `NAME`, `state:NAME.KEY`, `gradient_norm`.
   * `evaluate`: the sum of each head's losses over its counting positions, `sum:HEAD`; of the head of a task also what it gives, `output:HEAD`; of a contrastive head `side:image` and `side:text`, the unit vectors of its branches [B, D].
   * `prefill` and `decode`: `logits` of the last position and the caches `cache:PATH.key|value`; beside an encoder also
   * `memory:PATH.key|value`, which `prefill` makes and `decode` only reads. Null where no decoder has a head `lm`.
   */
  readonly graphs: { readonly train: Graph; readonly statistics: Graph | null; readonly update: Graph; readonly evaluate: Graph; readonly prefill: Graph | null; readonly decode: Graph | null };
  readonly tokenizer: PlanTokenizer | null;
  readonly data: PlanSource | null;
  readonly objective: PlanObjective;
  readonly lengths: { readonly raw: number; readonly inputs: number; readonly targets: number };
  readonly optimizer: Call;
  readonly schedule: Call;
  readonly precision: string;
  readonly batch: { readonly examples: number; readonly micro: number; readonly pack: boolean };
  readonly horizon: { readonly steps: number | null; readonly epochs: number | null; readonly tokens: number | null };
  readonly evaluation: { readonly every: number | null; readonly data: PlanSource; /** The first decides which checkpoint is the best of a task; else the loss does. */ readonly metrics: readonly Call[] } | null;
  readonly checkpoints: { readonly every: Quantity | null; readonly keep: number };
  readonly samples: { readonly every: number; readonly prompt: string; readonly tokens: number; readonly decode: Call } | null;
  readonly guard: "stop" | "skip" | "rollback";
  readonly seeds: { readonly run: number; readonly data: number };
  readonly costs: PlanCosts;
}
