// The contract of a target: what is predicted.

import type { TargetFacts } from "../../../compiler/objectives/facts.ts";
import type { Span } from "../noises/define.ts";

export interface TargetDefinition extends TargetFacts {
  /** The target sequence of a text and its noised stretches; null where predictions stand at the text's own places. */
  readonly make: ((text: ArrayLike<number>, spans: readonly Span[], sentinels: readonly number[]) => number[]) | null;
}

export function defineTarget(definition: TargetDefinition): TargetDefinition {
  return definition;
}

/** The tokens of one stretch. */
export function tokensOf(text: ArrayLike<number>, { start, length }: Span): number[] {
  return Array.from({ length }, (_, i) => text[start + i]);
}
