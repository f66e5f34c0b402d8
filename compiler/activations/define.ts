// Activations: scalar functions with their derivative, applied elementwise by the op `activate`; and names for gated pairs.

import type { Tensor, Tf } from "../ops/define.ts";

export interface ActivationDefinition {
  readonly word: string;
  readonly doc: string;
  readonly formula: string;
  /** f(x) and f'(x) in float64. */
  readonly evaluate: (x: number) => number;
  readonly derivative: (x: number) => number;
  /** The same in TensorFlow.js operations that every backend has. */
  readonly lower: (tf: Tf, x: Tensor) => Tensor;
  readonly lower_derivative: (tf: Tf, x: Tensor) => Tensor;
  /** Floating-point operations an element, an exponential counting as four. */
  readonly flops: number;
  readonly gated?: false;
}

/** A word for `mlp(activation, gated: on)`: swiglu is silu gated. */
export interface GatedAlias {
  readonly word: string;
  readonly doc: string;
  readonly of: string;
  readonly gated: true;
}

export function defineActivation(definition: ActivationDefinition): ActivationDefinition {
  return definition;
}

export function defineGated(definition: Omit<GatedAlias, "gated">): GatedAlias {
  return { ...definition, gated: true };
}
