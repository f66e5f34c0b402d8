// The contract of a layer: what it takes, the weights it makes, and how it builds its nodes.

import type { Extras, DiagnosticRecord } from "../../grammar/diagnostics/define.ts";
import type { Fields } from "../../grammar/fields.ts";
import type { Builder } from "../graph/builder-types.ts";
import type { Shape, ValueId } from "../graph/node.ts";
import type { MaskExpression } from "../masks/define.ts";
import type { Call, InitializerSpec, Resolved } from "../plan/schema.ts";

/** Arguments with every default filled in; a switch that is off is false, a mask its predicate, a word a Call. */
export type LayerArguments = { readonly [name: string]: Resolved | MaskExpression };

export interface WeightSpec {
  readonly shape: Shape;
  readonly initializer: InitializerSpec;
  /** Weight decay applies to it by default: matrices and embeddings. */
  readonly decay: boolean;
}

/** The token table that a `tied` layer uses: its rows and width. */
export interface Table { readonly vocab: number; readonly width: number }

/** What a layer stands on: features of the stream (0 for embeddings) and the token table of the stack, if any. */
export interface LayerInput { readonly width: number; readonly table: Table | null }

export type Report = <Data>(record: DiagnosticRecord<Data>, data: Data, argument?: string, extras?: Extras) => void;

/** What `build` works with. B batch, T positions of the queries, S positions of the keys (T unless there is a cache). */
export interface LayerContext {
  readonly b: Builder;
  readonly batch: number;
  readonly length: number;
  /** Path of the layer: names of weights are `PATH.LEAF`. Random numbers are keyed by it. */
  readonly path: string;
  /** int32 [B, T] each. `documents` only in packed batches; `real` where padding can occur, over the keys [B, S]. */
  readonly tokens: ValueId;
  readonly positions: ValueId;
  readonly real: ValueId | null;
  readonly documents: ValueId | null;
  readonly prefix: ValueId | null;
  /** int32 [4]; null outside of training: dropout does nothing. */
  readonly random: ValueId | null;
  /** int32 [], the position of the first query among the keys, when generating with a cache. */
  readonly offset: ValueId | null;
  /** int32 [B]: where `pool(last)` reads. */
  readonly last: () => ValueId;
  /** Appends rows [B, T, …] to the cache of this name and returns all of them [B, S, …]; the rows themselves without a cache. */
  readonly cache: (name: string, rows: ValueId) => ValueId;
  readonly table: () => ValueId;
}

export interface LayerDefinition {
  readonly word: string;
  readonly doc: string;
  /** Where it may stand: in `embed:` sums, in streams and heads, or in heads only (it removes the positions). */
  readonly role: "embedding" | "stream" | "pool";
  readonly parameters: Fields;
  /** Reports what does not fit together; the arguments themselves are of the right types. */
  readonly check?: (args: LayerArguments, input: LayerInput, report: Report) => void;
  /** Features of the result. */
  readonly width: (args: LayerArguments, input: LayerInput) => number;
  /** Positions that it has a row for, if that is limited: the run's length is checked against it. */
  readonly context?: (args: LayerArguments) => number;
  readonly weights: (args: LayerArguments, input: LayerInput) => { readonly [leaf: string]: WeightSpec };
  /** `x` is [B, T, D], or [B, D] after a pool; null for embeddings, which read the context's ids. */
  readonly build: (c: LayerContext, x: ValueId | null, args: LayerArguments, weights: { readonly [leaf: string]: ValueId }) => ValueId;
}

export function defineLayer(definition: LayerDefinition): LayerDefinition {
  return definition;
}

const ones: InitializerSpec = { word: "ones", arguments: {} };
const zeros: InitializerSpec = { word: "zeros", arguments: {} };

/** [out, in] or [rows, width]: normal with deviation √(2 / 5in) (Nguyen and Salazar 2019), which is GPT-2's 0.02 at a width of 1,000. */
export const matrix = (out: number, from: number): WeightSpec => ({ shape: [out, from], initializer: { word: "normal", arguments: { deviation: Math.sqrt(2 / (5 * from)) } }, decay: true });
export const biasOf = (width: number): WeightSpec => ({ shape: [width], initializer: zeros, decay: false });
export const gain = (width: number, offset = 0): WeightSpec => ({ shape: [width], initializer: offset ? zeros : ones, decay: false });

export const numberIn = (args: LayerArguments, name: string): number => args[name] as number;
export const isOn = (args: LayerArguments, name: string): boolean => args[name] !== false && args[name] !== undefined;
export const maskIn = (args: LayerArguments, name: string): MaskExpression => args[name] as MaskExpression;
export const callIn = (args: LayerArguments, name: string): Call | null => (args[name] ? (args[name] as Call) : null);

/** The largest number of a dropout's site: 31 bits, so that it fits an int32. */
export const siteOf = (hash: number): number => hash & 0x7fffffff;
