// A model with all its values filled in: stacks, heads and layers as a tree. What phase 2 hands to phase 3.

import type { Place } from "../grammar/diagnostics/define.ts";
import type { LayerArguments, LayerDefinition, LayerInput, Table, WeightSpec } from "./layers/define.ts";
import type { WeightsMap } from "./weights/define.ts";

/** One set of weights: a layer called once, or a named instance used in several places. */
export interface Instance {
  readonly definition: LayerDefinition;
  readonly args: LayerArguments;
  /** Path that names its weights. */
  readonly path: string;
  readonly input: LayerInput;
  readonly weights: { readonly [leaf: string]: WeightSpec };
  readonly place: Place;
  /** Where an argument's value was written, for those that were. */
  readonly places: { readonly [argument: string]: Place };
  /** Paths of the places that use it beyond the first. */
  readonly sharedBy: string[];
}

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
  readonly place: Place;
}

export interface Head {
  readonly name: string;
  readonly stack: Stack;
  readonly body: readonly Step[];
  readonly width: number;
  readonly place: Place;
  /** Head parameters that no call, task or default gave: they were assumed for checking. */
  readonly assumed: readonly string[];
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

/** Steps in order of execution, depth first. */
export function* walk(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.kind === "residual" || step.kind === "sequence") yield* walk(step.body);
    if (step.kind === "parallel") yield* walk(step.members);
    if (step.kind === "repeat") for (const copy of step.copies) yield* walk(copy);
  }
}

/** Every weight of the instances: `PATH.LEAF` with its description. */
export function* weightsOf(instances: Iterable<Instance>): Generator<{ readonly name: string; readonly leaf: string; readonly spec: WeightSpec; readonly instance: Instance }> {
  for (const instance of instances) {
    for (const [leaf, spec] of Object.entries(instance.weights)) yield { name: `${instance.path}.${leaf}`, leaf, spec, instance };
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
  for (const head of heads) add(head.body);
  return [...found];
}

/** Heads whose weights belong to pretraining. */
export const pretrainingHeads: readonly string[] = ["lm", "mlm", "nsp", "sop", "contrastive"];

/** The heads that `pt plan --model` counts: those of pretraining or, without any, all whose parameters have values. */
export function countedHeads(architecture: Architecture): Head[] {
  const pretraining = architecture.heads.filter((head) => pretrainingHeads.includes(head.name));
  return pretraining.length ? pretraining : architecture.heads.filter((head) => !head.assumed.length);
}
