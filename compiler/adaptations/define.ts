// The contract of an adaptation: which weights of a trained model a run goes on training, and what it adds to the model.

import type { Fields } from "../../grammar/fields.ts";
import type { Architecture, Head, LowRank, Stack } from "../architecture.ts";
import type { Shape } from "../graph/node.ts";
import type { LayerArguments, LayerDefinition, Report, WeightSpec } from "../layers/define.ts";
import type { Call } from "../plan/schema.ts";

export type Arguments = Call["arguments"];

/** A weight of the model as it was, and where it stands. */
export interface WeightUse {
  /** `PATH.LEAF`. */
  readonly name: string;
  readonly leaf: string;
  readonly spec: WeightSpec;
  /** Word of the layer or position scheme that owns it. */
  readonly word: string;
  /** Heads use it, and no stack does. */
  readonly head: boolean;
  /** Layers above it in a stack that a head reads: 0 for the topmost copy of the innermost repeat, -1 for what follows it; null for what stands below all layers, or in another stack. */
  readonly above: number | null;
}

/** A product with a weight [out, in] of the model: what a low-rank update can stand beside. */
export interface LinearMap {
  /** `query`, `up`, …; for a layer whose only matrix is `weight`, the layer's own name. */
  readonly name: string;
  /** Leaf of its weight: `query.weight`. */
  readonly leaf: string;
  readonly out: number;
  readonly in: number;
}

/** What a check sees of the model. `maps`: names of the linear maps outside of new heads. */
export interface AdaptedModel { readonly architecture: Architecture; readonly heads: readonly Head[]; readonly maps: readonly string[]; readonly layers: number }

export interface AdaptationDefinition {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** Whether this weight of the model as it was is trained. Not asked for heads that pretraining does not have, and for what is added: those always are. */
  readonly trains: (use: WeightUse, args: Arguments) => boolean;
  /** Reports what does not fit the model; the arguments themselves are of the right types. */
  readonly check?: (args: Arguments, model: AdaptedModel, report: Report) => void;
  /** The update that stands beside a linear map, and its two weights; null where there is none. */
  readonly beside?: (args: Arguments, map: LinearMap) => { readonly update: LowRank; readonly weights: { readonly [leaf: string]: WeightSpec } } | null;
  /** A layer that ends the body of each residual of the stacks. */
  readonly sublayer?: (args: Arguments) => AddedLayer;
  /** A member of the sum that a stack begins with; `length` is the number of positions before the text that it takes. */
  readonly embedding?: { readonly layer: (args: Arguments) => AddedLayer; readonly length: (args: Arguments) => number; readonly stackOf: (architecture: Architecture) => Stack | null };
  /** Makes what it added a part of the model's own weights, so that the plain model computes the same. Needed with `beside`; what else is added cannot be merged. */
  readonly merge?: (args: Arguments, weights: Weights) => Weights;
}

/** Weights by name. */
export type Weights = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

export interface AddedLayer { readonly definition: LayerDefinition; readonly args: LayerArguments }

export function defineAdaptation(definition: AdaptationDefinition): AdaptationDefinition {
  return definition;
}
