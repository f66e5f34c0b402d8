// The contract of a noise: which tokens of a text are noised.

import type { Arguments, NoiseFacts } from "../../../compiler/objectives/facts.ts";
import type { RandomStream } from "../../../compiler/random.ts";

/** Neighbouring tokens from `start` on. A stretch of length 0 stands before `start`. */
export interface Span { readonly start: number; readonly length: number }

export interface NoiseContext {
  readonly random: RandomStream;
  /** 1 where a word begins, for each token. */
  readonly words: () => Uint8Array;
}

export interface NoiseDefinition extends NoiseFacts {
  /** Stretches in order, apart from each other, of `tokens` tokens that may all be noised. Within `range`. */
  readonly draw: (tokens: number, args: Arguments, context: NoiseContext) => Span[];
}

export function defineNoise(definition: NoiseDefinition): NoiseDefinition {
  return definition;
}
