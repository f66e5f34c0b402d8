// The contract of a way to apply a model to given inputs: which heads it uses, what the inputs hold, what comes out and what the loss is.

import type { Architecture, Head } from "../architecture.ts";
import type { ValueId } from "../graph/node.ts";
import type { Forward } from "../phases/3-build.ts";

/** Sizes of one call. B examples of T positions; V is the width of the head's result (vocabulary, classes). */
export interface Sizes { readonly B: number; readonly T: number; readonly V: number }

/** One field of the inputs beside ids and mask: its axes, and what its numbers may be. */
export interface ApplyField {
  readonly axes: readonly ("B" | "T" | "V")[];
  readonly type: "id" | "float";
  /** Ids are below this size. */
  readonly below?: "V" | "T";
  /** The id that counts in no loss. */
  readonly ignored?: -100;
}

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
  readonly targets: { readonly [field: string]: ApplyField };
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

/** Cross entropy of logits [rows…, V] with the inputs `targets` and `weights`, over the input `count`. */
export function meanCrossEntropy({ b }: Forward, logits: ValueId): ValueId {
  const shape = b.info(logits).shape.slice(0, -1);
  const targets = b.input("targets", { shape, dtype: "int32" });
  const weights = b.input("weights", { shape, dtype: "float32" });
  const count = b.input("count", { shape: [], dtype: "float32" });
  return b.at("loss", () => b.divide(b.cross_entropy(logits, targets, weights)[0], count));
}

/** Feeds of `meanCrossEntropy`; -100 counts nothing. */
export function crossEntropyFeeds(labels: Int32Array): Feeds | null {
  const weights = Float32Array.from(labels, (label) => (label === ignoredLabel ? 0 : 1));
  const count = weights.reduce((sum, weight) => sum + weight, 0);
  return count ? { targets: labels.map((label) => (label === ignoredLabel ? 0 : label)), weights, count: Float32Array.of(count) } : null;
}

export const ignoredLabel = -100;
