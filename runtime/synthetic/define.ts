// The contract of synthetic data: documents of token ids that are drawn, for tests and benchmarks.

import type { RandomStream } from "../../compiler/random.ts";
import type { SyntheticFacts } from "../../compiler/phases/2-check/vocabulary.ts";
import type { Call } from "../../compiler/plan/schema.ts";
import type { Field, Fields } from "../../grammar/fields.ts";

export interface SyntheticDefinition extends SyntheticFacts {
  /** The word after `synthetic:`. */
  readonly word: string;
  readonly doc: string;
  /** All have `examples`, the number of documents. */
  readonly parameters: Fields;
  /** The ids of one document. */
  readonly draw: (args: Call["arguments"], random: RandomStream) => number[];
}

export function defineSynthetic(definition: SyntheticDefinition): SyntheticDefinition {
  return definition;
}

export const examples: Field = { type: { type: "integer", minimum: 1 }, doc: "documents of the whole source", default: "10_000" };

export function argument(args: Call["arguments"], name: string): number {
  const value = args[name];
  if (typeof value !== "number") throw new Error(`no number \`${name}\``);
  return value;
}

/** `length` ids below `below`. */
export function draws(length: number, below: number, random: RandomStream): number[] {
  return Array.from({ length }, () => random.below(below));
}
