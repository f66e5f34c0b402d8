// The contract of a way to apply a model to given inputs: which heads it uses, what the inputs hold, what comes out and what the loss is.

import type { Architecture, Head } from "../architecture.ts";
import type { ValueId } from "../graph/node.ts";
import type { Forward } from "../phases/3-build.ts";

/** Sizes of one call. B examples of T positions; L positions of a decoder beside an encoder; V is the width of the first head's result (vocabulary, classes). */
export interface Sizes { readonly B: number; readonly T: number; readonly L: number; readonly V: number }

/** One field of the inputs beside ids and mask: its axes, and what its numbers may be. */
export interface ApplyField {
  readonly axes: readonly ("B" | "T" | "L" | "V")[];
  /** An id is from 0 to `below`; an integer may be any. */
  readonly type: "id" | "integer" | "float";
  readonly below?: "V" | "T" | 2;
  /** The id that counts in no loss. */
  readonly ignored?: -100;
}

export type ApplyFields = { readonly [field: string]: ApplyField };

/** Fields that were given, by name, row-major. */
export type Fields = { readonly [name: string]: Int32Array | Float32Array | undefined };

export type Feeds = { readonly [input: string]: Int32Array | Float32Array };

export interface ApplyDefinition {
  readonly word: string;
  readonly doc: string;
  /** Whether it is how these heads are used, for a call that does not say which. */
  readonly fits: (heads: readonly Head[], architecture: Architecture) => boolean;
  /** The heads that it uses, by the names that it may be given to. */
  readonly heads: readonly string[];
  /** What the loss is computed from; without these fields there is none. */
  readonly targets: (heads: readonly Head[]) => ApplyFields;
  /** Adds the heads' results as outputs by the names that transformers gives them. */
  readonly outputs: (pass: Forward, heads: readonly Head[]) => { readonly [output: string]: ValueId };
  /** Adds the loss, a scalar, from the outputs and from inputs that it declares. */
  readonly loss: (pass: Forward, outputs: { readonly [output: string]: ValueId }) => ValueId;
  /** Feeds of those inputs; null when nothing counts in the loss. */
  readonly feeds: (targets: Fields, sizes: Sizes) => Feeds | null;
}

export function defineApply(definition: ApplyDefinition): ApplyDefinition {
  return definition;
}

/** Cross entropy of logits [rows…, V] with the inputs `NAME.targets` and `NAME.weights`; the weights of all rows sum to 1. */
export function crossEntropy({ b }: Forward, logits: ValueId, name: string): ValueId {
  const shape = b.info(logits).shape.slice(0, -1);
  const targets = b.input(`${name}.targets`, { shape, dtype: "int32" });
  const weights = b.input(`${name}.weights`, { shape, dtype: "float32" });
  const count = b.input(`${name}.count`, { shape: [], dtype: "float32" });
  return b.at("loss", () => b.divide(b.cross_entropy(logits, targets, weights)[0], count));
}

/** Feeds of `crossEntropy` for the mean over labels; -100 counts nothing. Null when none counts. */
export function crossEntropyFeeds(name: string, labels: ArrayLike<number>): Feeds | null {
  const weights = Float32Array.from(labels, (label) => (label === ignoredLabel ? 0 : 1));
  const count = weights.reduce((sum, weight) => sum + weight, 0);
  if (!count) return null;
  return { [`${name}.targets`]: Int32Array.from(labels, (label) => (label === ignoredLabel ? 0 : label)), [`${name}.weights`]: weights, [`${name}.count`]: Float32Array.of(count) };
}

export const ignoredLabel = -100;

/** Whether an encoder feeds the decoder that the head reads. */
export const isSequenceToSequence = ({ stacks }: Architecture): boolean => stacks.some((stack) => stack.word === "encoder") && stacks.some((stack) => stack.word === "decoder");
