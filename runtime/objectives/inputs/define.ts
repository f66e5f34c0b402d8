// The contract of what an input shows of a noised stretch.

import type { InputFacts } from "../../../compiler/objectives/facts.ts";
import type { RandomStream } from "../../../compiler/random.ts";

export interface Stretch {
  /** The noised tokens. */
  readonly ids: ArrayLike<number>;
  /** Number of the stretch, from 0. */
  readonly index: number;
  /** 1 where a sentence begins, for each token. */
  readonly sentences: () => ArrayLike<number>;
}

export interface ShowContext {
  readonly random: RandomStream;
  readonly sentinels: readonly number[];
  /** Ids that are neither special nor unused. */
  readonly ordinary: ArrayLike<number>;
}

/** What is shown, and which token of the stretch each stands for. */
export interface Shown { readonly ids: readonly number[]; readonly source: readonly number[] }

export interface InputDefinition extends InputFacts {
  readonly show: (stretch: Stretch, context: ShowContext) => Shown;
}

export function defineInput(definition: InputDefinition): InputDefinition {
  return definition;
}

/** The tokens of a stretch in another order. */
export function reordered({ ids }: Stretch, order: readonly number[]): Shown {
  return { ids: order.map((i) => ids[i]), source: order };
}

/** A random order of n (Fisher–Yates). */
export function shuffled(n: number, random: RandomStream): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
