// A model with all its values filled in: stacks, heads and layers as a tree. What phase 2 hands to phase 3.

import type { Place } from "../grammar/diagnostics/define.ts";
import type { LayerArguments, LayerDefinition, LayerInput, Table, WeightSpec } from "./layers/define.ts";
import type { Call } from "./plan/schema.ts";
import type { PositionDefinition } from "./positions/define.ts";
import type { WeightsMap } from "./weights/define.ts";

/** One set of weights. */
export interface Weighted {
  /** Path that names its weights. */
  readonly path: string;
  readonly weights: { readonly [leaf: string]: WeightSpec };
  readonly place: Place;
  /** Paths of the places that use it beyond the first. */
  readonly sharedBy: string[];
}

/** A layer called once, or a named instance used in several places. */
export interface Instance extends Weighted {
  readonly definition: LayerDefinition;
  readonly args: LayerArguments;
  readonly input: LayerInput;
  /** Where an argument's value was written, for those that were. */
  readonly places: { readonly [argument: string]: Place };
  /** Arguments that are layers, position schemes or stacks. */
  readonly parts: { readonly [argument: string]: Part };
  /** Updates beside its linear maps, by the leaf of the map's weight. */
  readonly lowRank?: { readonly [leaf: string]: LowRank };
}

/** Added to the product with a weight: scale · (x Aᵀ) Bᵀ. `a` and `b` are leaves of the same instance. */
export interface LowRank { readonly a: string; readonly b: string; readonly scale: number; /** Of what goes into A, in training. */ readonly dropout: number }

/** A position scheme of an attention, or of all that a `let` gives it to. */
export interface Scheme extends Weighted {
  readonly definition: PositionDefinition;
  readonly args: Call["arguments"];
  readonly heads: number;
}

export type Part =
  | { readonly kind: "layer"; readonly instance: Instance }
  | { readonly kind: "scheme"; readonly scheme: Scheme }
  | { readonly kind: "stack"; readonly stack: Stack };

export type Step =
  | { readonly kind: "layer"; readonly instance: Instance; /** Path of this use: differs from the instance's where it is shared. */ readonly path: string }
  | { readonly kind: "residual" | "sequence"; readonly body: readonly Step[] }
  | { readonly kind: "parallel"; readonly members: readonly Step[] }
  | { readonly kind: "repeat"; readonly path: string; readonly copies: readonly (readonly Step[])[] };

export interface Stack {
  readonly word: "encoder" | "decoder";
  readonly path: string;
  /** Embeddings whose results are added. */
  readonly embed: readonly Instance[];
  readonly body: readonly Step[];
  readonly width: number;
  readonly table: { readonly instance: Instance } & Table | null;
  /** What its embedding looks at. */
  readonly reads: "tokens" | "pixels";
  /** The token before the first target, for a decoder beside an encoder: an id, a name, or null where none is given. */
  readonly start: number | string | null;
  readonly place: Place;
}

/** One side of a head that compares two stacks. */
export interface Branch { readonly stack: Stack; readonly body: readonly Step[]; readonly width: number }

export interface Head {
  readonly name: string;
  /** What it reads; of a head with branches, the stack of the first. */
  readonly stack: Stack;
  /** Steps on the stack's features; of a head with branches, the one layer that joins their results. */
  readonly body: readonly Step[];
  /** Two for a head that compares stacks, else none. */
  readonly branches: readonly Branch[];
  readonly width: number;
  readonly place: Place;
  /** Head parameters that no call, task or default gave: they were assumed for checking. */
  readonly assumed: readonly string[];
  /** The model declares none of its name: it got the usual one. */
  readonly usual?: true;
}

export interface Architecture {
  readonly name: string;
  /** Numbers that the parameters came to, where they are numbers, switches or words: for costs and weight maps. */
  readonly parameters: { readonly [name: string]: unknown };
  readonly stacks: readonly Stack[];
  readonly heads: readonly Head[];
  readonly maps: readonly WeightsMap[];
  readonly place: Place;
}

/** The head that predicts the next token; null where no decoder has one. */
export function generatingHead(heads: readonly Head[]): Head | null {
  return heads.find((head) => head.name === "lm" && head.stack.word === "decoder") ?? null;
}

/** Steps in order of execution, depth first. */
export function* walk(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.kind === "residual" || step.kind === "sequence") yield* walk(step.body);
    if (step.kind === "parallel") yield* walk(step.members);
    if (step.kind === "repeat") for (const copy of step.copies) yield* walk(copy);
  }
}

/** Every weight of the instances and of their parts, each once: `PATH.LEAF` with its description. */
export function* weightsOf(instances: Iterable<Instance>): Generator<{ readonly name: string; readonly leaf: string; readonly spec: WeightSpec; readonly owner: Weighted }> {
  const seen = new Set<string>();
  for (const instance of instances) {
    for (const owner of ownersOf(instance)) {
      if (seen.has(owner.path)) continue;
      seen.add(owner.path);
      for (const [leaf, spec] of Object.entries(owner.weights)) yield { name: `${owner.path}.${leaf}`, leaf, spec, owner };
    }
  }
}

/** The layer's own weights, then those of its parts. */
export function* ownersOf(instance: Instance): Generator<Weighted> {
  yield instance;
  for (const part of Object.values(instance.parts)) {
    if (part.kind === "layer") yield* ownersOf(part.instance);
    if (part.kind === "scheme") yield part.scheme;
  }
}

/** Distinct instances of the stacks and of these heads, in the order of first use. */
export function instancesOf(architecture: Architecture, heads: readonly Head[]): Instance[] {
  const found = new Set<Instance>();
  const add = (steps: readonly Step[]): void => {
    for (const step of walk(steps)) if (step.kind === "layer") found.add(step.instance);
  };
  for (const stack of architecture.stacks) {
    stack.embed.forEach((instance) => found.add(instance));
    add(stack.body);
  }
  for (const head of heads) {
    for (const branch of head.branches) add(branch.body);
    add(head.body);
  }
  return [...found];
}

/** Parameters that one token does not pass through, where experts are chosen. */
export function idleParameters(architecture: Architecture, heads: readonly Head[]): number {
  return instancesOf(architecture, heads).reduce((sum, { definition, args, input }) => sum + (definition.idle?.(args, input) ?? 0), 0);
}

/** Name of a graph's input: a field of the batch of this stack. Prefixed where there are several stacks. */
export function streamInput({ stacks }: Pick<Architecture, "stacks">, stack: Pick<Stack, "path">, field: string): string {
  return stacks.length === 1 ? field : `${stack.path}.${field}`;
}

/** Whether the embedding has a layer of this word. */
export function usesLayer(stack: Stack, word: string): boolean {
  return stack.embed.some((instance) => instance.definition.word === word);
}

/** The decoder that an encoder feeds: its inputs are the targets shifted, after `start`. */
export function readsEncoder(stack: Stack): boolean {
  for (const step of walk(stack.body)) {
    if (step.kind === "layer" && Object.values(step.instance.parts).some((part) => part.kind === "stack")) return true;
  }
  return false;
}

/** Heads whose weights belong to pretraining. */
export const pretrainingHeads: readonly string[] = ["lm", "mlm", "nsp", "sop", "contrastive"];

/** The heads that `pt plan --model` counts: those of pretraining or, without any, all whose parameters have values. */
export function countedHeads(architecture: Architecture): Head[] {
  const pretraining = architecture.heads.filter((head) => pretrainingHeads.includes(head.name));
  return pretraining.length ? pretraining : architecture.heads.filter((head) => !head.assumed.length);
}
