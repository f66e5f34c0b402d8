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
  /** Stored and used, never trained, and no parameter in a count. */
  readonly buffer?: true;
  /** A parameter that this run leaves as it is. */
  readonly frozen?: true;
}

/** The token table that a `tied` layer uses: its rows and width. */
export interface Table { readonly vocab: number; readonly width: number }

/** What a layer stands on: features of the stream (0 for embeddings), the token table of the stack, and the widths of its parts. */
export interface LayerInput {
  readonly width: number;
  readonly table: Table | null;
  /** Features of the layers and stacks that are its arguments. */
  readonly parts?: { readonly [argument: string]: { readonly width: number } };
}

export type Report = <Data>(record: DiagnosticRecord<Data>, data: Data, argument?: string, extras?: Extras) => void;

/** Sizes of an image, in pixels. */
export interface ImageSize { readonly height: number; readonly width: number }

/** The result of a stack that another reads: [B, S, D], and which of its positions are real. */
export interface Memory { readonly x: ValueId; readonly length: number; readonly width: number; readonly real: ValueId | null; readonly documents: ValueId | null }

/** What `build` works with. B batch, T positions of the queries, S positions of the keys (T unless there is a cache). */
export interface LayerContext {
  readonly b: Builder;
  readonly batch: number;
  readonly length: number;
  /** Path of the layer: names of weights are `PATH.LEAF`. Random numbers are keyed by it. */
  readonly path: string;
  /** A field of the stack's batch: `tokens`, `positions`, `segments`, `pixels`. An input of the graph from its first use on. */
  readonly field: (name: "tokens" | "positions" | "segments" | "pixels") => ValueId;
  /** Features of the stream that an embedding adds to. */
  readonly streamWidth: number;
  /** The stack looks at an image. */
  readonly pixels: boolean;
  /** int32 over the keys [B, S]: 0 for padding; null where none can occur. */
  readonly real: ValueId | null;
  /** int32 [B, T], only in packed batches. */
  readonly documents: ValueId | null;
  /** int32 [B]: how many keys every query sees, for masks that use `prefix`. */
  readonly prefix: () => ValueId;
  /** int32 [4]; null outside of training: dropout does nothing. */
  readonly random: ValueId | null;
  /** int32 [], the position of the first query among the keys, when generating with a cache. */
  readonly offset: ValueId | null;
  /** int32 [B]: where `pool(last)` reads. */
  readonly last: () => ValueId;
  /** Appends rows [B, T, …] to the cache of this name and returns all of them [B, S, …]; the rows themselves without a cache. */
  readonly cache: (name: string, rows: ValueId) => ValueId;
  /** What depends on another stack alone: computed once, then kept while generating. [B, S, width]. */
  readonly keep: (name: string, width: number, rows: () => ValueId) => ValueId;
  readonly table: () => ValueId;
  /** The result of a layer that is an argument. */
  readonly part: (argument: string) => ValueId;
  /** The result of the stack that is an argument. */
  readonly memory: (argument: string) => Memory;
  /** The attention's position scheme: turns queries and keys, and biases scores [H, T, S]. */
  readonly scheme: () => { readonly turn: (x: ValueId, heads: number) => ValueId; readonly bias: ValueId | null };
  /** Leaves what a loss of the layer's own is computed from: expert balance. */
  readonly note: (note: Note) => void;
}

/** What a layer leaves for a loss of its own: notes of one kind and coefficient are pooled over layers (auxiliary.ts). */
export interface Note { readonly kind: "load_balancing"; readonly coefficient: number; readonly values: BalanceValues }

/** N tokens, E experts, K choices of a token: probabilities [N, E], choice int32 [N, K], and which tokens are real, int32 [N]. */
export interface BalanceValues { readonly probabilities: ValueId; readonly choice: ValueId; readonly real: ValueId | null }

export interface LayerDefinition {
  readonly word: string;
  readonly doc: string;
  /** Where it may stand: in `embed:` sums, in streams and heads, in heads only (it removes the positions), or at the end of a head of two branches. */
  readonly role: "embedding" | "stream" | "pool" | "join";
  /** What an embedding looks at: token ids unless it says pixels. */
  readonly reads?: "pixels";
  readonly parameters: Fields;
  /** Reports what does not fit together; the arguments themselves are of the right types. */
  readonly check?: (args: LayerArguments, input: LayerInput, report: Report) => void;
  /** Features of the result. */
  readonly width: (args: LayerArguments, input: LayerInput) => number;
  /** Positions that it has a row for, if that is limited: the run's length is checked against it. */
  readonly context?: (args: LayerArguments) => number;
  /** Positions that an embedding makes of an image, or adds to those of its part. */
  readonly positions?: (args: LayerArguments, image: ImageSize, part: (argument: string) => number) => number;
  readonly weights: (args: LayerArguments, input: LayerInput) => { readonly [leaf: string]: WeightSpec };
  /** Parameters that a token does not pass through, where it passes through some only. */
  readonly idle?: (args: LayerArguments, input: LayerInput) => number;
  /** What it makes of an example depends on the others of its batch: the batch is never split. */
  readonly couples?: (args: LayerArguments) => boolean;
  /** `x` is [B, T, D], or [B, D] after a pool; null for embeddings, which read the context's fields. `other` is the second branch's result for a join. */
  readonly build: (c: LayerContext, x: ValueId | null, args: LayerArguments, weights: { readonly [leaf: string]: ValueId }, other?: ValueId) => ValueId;
}

/** The argument of every layer with matrices or vectors that begin at random: in `parameters` it is all that the layer does for it. */
export const initialized = {
  initializer: { type: { type: "word", registry: "initializer" }, doc: "what its matrices or its table begin with instead of a normal distribution of deviation √(2 / 5n), n features read (of a table: its width)" },
} as const satisfies Fields;

export function defineLayer(definition: LayerDefinition): LayerDefinition {
  if (!("initializer" in definition.parameters)) return definition;
  return { ...definition, weights: (args, input) => beginningWith(callIn(args, "initializer"), definition.weights(args, input)) };
}

/** What begins at a constant, a shift or a gain, is part of the layer's meaning and stays. */
function beginningWith(initializer: Call | null, weights: { readonly [leaf: string]: WeightSpec }): { readonly [leaf: string]: WeightSpec } {
  if (initializer === null) return weights;
  const { word, arguments: args } = initializer;
  const entries = Object.entries(weights).map(([leaf, weight]) => [leaf, weight.initializer.word === "normal" ? { ...weight, initializer: { word, arguments: args as InitializerSpec["arguments"] } } : weight]);
  return Object.fromEntries(entries) as { readonly [leaf: string]: WeightSpec };
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
