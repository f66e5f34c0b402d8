// The contract of a pair: which two texts make an example, and the class that says how they belong together.

import type { PairFacts } from "../../../compiler/objectives/facts.ts";
import type { RandomStream } from "../../../compiler/random.ts";

/** Two neighbouring stretches of sentences of one document, and a stranger: sentences of another place of the data. */
export interface Candidates {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  readonly stranger: () => ArrayLike<number>;
}

export interface PairDefinition extends PairFacts {
  /** Draws from another place of the data, so there must be one. */
  readonly strangers: boolean;
  /** Null for a pair that is no pair of texts. */
  readonly draw: ((candidates: Candidates, random: RandomStream) => { readonly a: ArrayLike<number>; readonly b: ArrayLike<number>; readonly label: number }) | null;
}

export function definePair(definition: PairDefinition): PairDefinition {
  return definition;
}
