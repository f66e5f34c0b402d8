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

/**
 * Ids at random, a separator (the id `vocab − 1`), and what `answer` makes of the ids: it can be learned exactly, and what stands
 * before the separator not at all.
 */
export function defineAnswered(word: string, answered: string, answer: (ids: readonly number[]) => readonly number[]): SyntheticDefinition {
  return defineSynthetic({
    word,
    doc: `\`length\` ids at random, a separator (the id \`vocab − 1\`), and ${answered}.`,
    parameters: {
      vocab: { type: { type: "integer", minimum: 2 }, doc: "number of ids, the separator among them", default: "17" },
      length: { type: { type: "integer", minimum: 1 }, doc: "ids before the separator", default: "8" },
      examples,
    },
    ids: (args) => argument(args, "vocab"),
    draw(args, random) {
      const separator = argument(args, "vocab") - 1;
      const ids = draws(argument(args, "length"), separator, random);
      return [...ids, separator, ...answer(ids)];
    },
  });
}

/** `length` ids below `below`. */
export function draws(length: number, below: number, random: RandomStream): number[] {
  return Array.from({ length }, () => random.below(below));
}
