// `weights NAME { … }`: how a model's weights and configuration are named elsewhere. Plain data, read by import and export.

import type { Expression } from "../../grammar/ast.ts";
import type { Place } from "../../grammar/diagnostics/define.ts";

/** Ours, as a tree of what is done to it to give theirs. */
export type Ours =
  | { readonly kind: "name"; readonly pattern: string }
  | { readonly kind: "transposed"; readonly of: Ours }
  | { readonly kind: "concat"; readonly parts: readonly Ours[] }
  /** Known, not used. */
  | { readonly kind: "off" };

export interface TensorLine { readonly theirs: string; readonly ours: Ours; readonly place: Place }

export interface WeightsMap {
  readonly name: string;
  readonly modelType: string | null;
  /** Their class → the heads it has. */
  readonly architectures: { readonly [theirs: string]: readonly string[] };
  /** Their key (dotted) → the values that are supported; a key that is absent is fine. */
  readonly requires: { readonly [key: string]: readonly (string | number | boolean)[] };
  /** Our parameter → the expression over their keys that gives it. */
  readonly config: { readonly [parameter: string]: Expression };
  readonly tensors: readonly TensorLine[];
}
