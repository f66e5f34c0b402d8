// Where the weights of a model are used: by stacks or by heads alone, and how far below the top.

import { instancesOf, ownersOf, walk, type Architecture, type Head, type Instance, type Step } from "../architecture.ts";
import type { LinearMap } from "./define.ts";

export interface Uses {
  /** Distinct instances of the stacks and of the run's heads. */
  readonly instances: readonly Instance[];
  /** Paths of the weights that a stack uses. */
  readonly stacks: ReadonlySet<string>;
  /** By path of weights: layers above the topmost use, in the stacks that a head reads (`WeightUse.above`). */
  readonly above: ReadonlyMap<string, number>;
  /** The fewest layers of a stack that a head reads. */
  readonly layers: number;
}

export function usesOf(architecture: Architecture, heads: readonly Head[]): Uses {
  const read = new Set(heads.flatMap((head) => (head.branches.length ? head.branches.map((branch) => branch.stack) : [head.stack])));
  const above = new Map<string, number>();
  let layers = Infinity;
  for (const { body } of read) {
    const order = [...layersIn(body)];
    const count = new Set(order.flatMap(({ copy }) => (copy ? [copy] : []))).size;
    layers = Math.min(layers, count);
    const seen = new Set<readonly Step[]>();
    for (const { instance, copy } of order) {
      if (copy) seen.add(copy);
      // Before the first layer stands what belongs to the embedding: a norm, a projection.
      if (!seen.size) continue;
      const depth = copy ? count - seen.size : seen.size === count ? -1 : count - seen.size;
      for (const { path } of ownersOf(instance)) above.set(path, Math.min(depth, above.get(path) ?? Infinity));
    }
  }
  const instances = instancesOf(architecture, heads);
  return { instances, stacks: new Set(pathsOf(instancesOf(architecture, []))), above, layers: Number.isFinite(layers) ? layers : 0 };
}

/** Layers in order of execution, with the copy of the innermost repeat that they stand in. */
function* layersIn(steps: readonly Step[], copy: readonly Step[] | null = null): Generator<{ readonly instance: Instance; readonly copy: readonly Step[] | null }> {
  for (const step of steps) {
    if (step.kind === "layer") yield { instance: step.instance, copy };
    else if (step.kind === "repeat") for (const inner of step.copies) yield* layersIn(inner, inner);
    else yield* layersIn(step.kind === "parallel" ? step.members : step.body, copy);
  }
}

/** Paths of the weights that heads use. */
export function headPaths(heads: readonly Head[]): string[] {
  const bodies = heads.flatMap((head) => [head.body, ...head.branches.map((branch) => branch.body)]);
  return pathsOf(bodies.flatMap((body) => [...walk(body)].flatMap((step) => (step.kind === "layer" ? [step.instance] : []))));
}

const pathsOf = (instances: readonly Instance[]): string[] => instances.flatMap((instance) => [...ownersOf(instance)].map((owner) => owner.path));

/** The matrices that a layer multiplies features with; tables of embeddings are none. */
export function linearMaps({ definition, path, weights }: Instance): LinearMap[] {
  if (definition.role === "embedding") return [];
  return Object.entries(weights).flatMap(([leaf, { shape }]) => {
    if (shape.length !== 2 || (leaf !== "weight" && !leaf.endsWith(".weight"))) return [];
    return [{ name: leaf === "weight" ? path.split(".").at(-1)! : leaf.split(".").at(-2)!, leaf, out: shape[0], in: shape[1] }];
  });
}
