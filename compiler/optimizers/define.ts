// The contract of an optimizer: fields, state, and the update of one parameter as graph nodes.

import type { Fields } from "../../grammar/fields.ts";
import type { Builder } from "../graph/builder-types.ts";
import type { Shape, ValueId } from "../graph/node.ts";
import type { Resolved } from "../plan/schema.ts";

/** Resolved arguments of a call, defaults filled in; a switch that is off is false. */
export type Arguments = { readonly [name: string]: Resolved };

/** One tensor that is kept between steps, beside a parameter: its shape and the number that fills it before the first step. */
export interface StateInfo { readonly shape: Shape; readonly value: number }

export interface UpdateInputs {
  readonly parameter: ValueId;
  /** Clipped already. */
  readonly gradient: ValueId;
  readonly state: { readonly [key: string]: ValueId };
  /** Scalar: `lr` times the schedule's factor, and times that of the parameter's layer. */
  readonly rate: ValueId;
  /** Float scalar, 1 for the first step. */
  readonly step: ValueId;
  /** Whether weight decay applies to this parameter. */
  readonly decay: boolean;
  readonly args: Arguments;
}

export interface OptimizerDefinition {
  readonly word: string;
  /** What it does, with its source. */
  readonly doc: string;
  /** Its own fields and `commonFields`; `lr` among them, which may be absent where the optimizer finds the rate itself (the base is then 1). */
  readonly parameters: Fields;
  /** Why these arguments do not go together, as a sentence without a full stop; null when they do. */
  readonly problem?: (args: Arguments) => string | null;
  /** State tensors of one parameter by key. The keys name files' tensors: `state:NAME.KEY`. */
  readonly state: (args: Arguments, shape: Shape) => { readonly [key: string]: StateInfo };
  /** The new values; every key of `state` is present. */
  readonly update: (b: Builder, inputs: UpdateInputs) => { readonly parameter: ValueId; readonly state: { readonly [key: string]: ValueId } };
}

export function defineOptimizer(definition: OptimizerDefinition): OptimizerDefinition {
  return definition;
}

/** For an optimizer, or arguments of it, that keeps nothing. */
export const noState: { readonly [key: string]: never } = {};

/** Fields of every optimizer. */
export const commonFields: Fields = {
  lr: { type: { type: "number", minimum: 0, exclusive: true }, doc: "learning rate, which the schedule scales", required: true },
  clip: {
    type: { type: "any", of: [{ type: "number", minimum: 0, exclusive: true }, { type: "switch", only: "off" }] },
    doc: "largest norm of all gradients together; larger ones are scaled down to it",
    default: "off",
  },
  decay: {
    type: { type: "choice", words: { matrices: "weights with two or more axes, embeddings included; no biases, no norms", everything: "all parameters" } },
    doc: "what weight decay applies to",
    default: "matrices",
  },
  layer_decay: {
    type: { type: "number", minimum: 0, maximum: 1, exclusive: true },
    doc: "layer i of a stack's n layers learns at this to the power n - i times the rate, embeddings at this to the power n",
    default: "1",
  },
};

/** A numeric argument. Throws when it is absent: the caller fills in defaults. */
export function numberOf(args: Arguments, name: string): number {
  const value = args[name];
  if (typeof value !== "number") throw new Error(`argument \`${name}\` is ${JSON.stringify(value)}, not a number`);
  return value;
}
