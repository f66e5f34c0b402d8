// A copy of an architecture with changes to its layers: what was one object stays one, so shared weights stay shared.

import { instancesOf, walk, type Architecture, type Branch, type Head, type Instance, type LowRank, type Part, type Scheme, type Stack, type Step, type Weighted } from "../architecture.ts";
import type { WeightSpec } from "../layers/define.ts";
import type { AddedLayer } from "./define.ts";

export interface Changes {
  /** The weights of a layer or scheme of this word. */
  readonly weights: (owner: Instance | Scheme) => Weighted["weights"];
  readonly beside: (instance: Instance) => readonly { readonly leaf: string; readonly update: LowRank; readonly weights: { readonly [leaf: string]: WeightSpec } }[];
  /** Ends each residual of the stacks. */
  readonly sublayer: AddedLayer | null;
  /** Joins the sum that a stack begins with. */
  readonly embedding: (stack: Stack) => AddedLayer | null;
}

export function copied(architecture: Architecture, heads: readonly Head[], changes: Changes): { readonly architecture: Architecture; readonly heads: readonly Head[] } {
  const claim = claimer(architecture);

  const instance = once((old: Instance): Instance => {
    const added = changes.beside(old);
    const weights = Object.assign({}, changes.weights(old), ...added.map((addition) => addition.weights));
    const parts = Object.fromEntries(Object.entries(old.parts).map(([name, value]) => [name, part(value)]));
    return { ...old, weights, parts, ...(added.length ? { lowRank: Object.fromEntries(added.map(({ leaf, update }) => [leaf, update])) } : {}) };
  });
  const scheme = once((old: Scheme): Scheme => ({ ...old, weights: changes.weights(old) }));
  const part = (old: Part): Part => {
    if (old.kind === "layer") return { ...old, instance: instance(old.instance) };
    return old.kind === "scheme" ? { ...old, scheme: scheme(old.scheme) } : { ...old, stack: stack(old.stack) };
  };

  const steps = (list: readonly Step[], sublayer: AddedLayer | null): readonly Step[] => list.map((old) => step(old, sublayer));
  const step = (old: Step, sublayer: AddedLayer | null): Step => {
    switch (old.kind) {
      case "layer":
        return { ...old, instance: instance(old.instance) };
      case "parallel":
        return { ...old, members: steps(old.members, sublayer) };
      case "repeat":
        return { ...old, copies: old.copies.map((copy) => steps(copy, sublayer)) };
      case "sequence":
        return { ...old, body: steps(old.body, sublayer) };
      case "residual": {
        const body = steps(old.body, sublayer);
        // Of nested residuals the innermost are about a sublayer.
        if (!sublayer || [...walk(old.body)].some((inner) => inner.kind === "residual")) return { ...old, body };
        const path = claim(parentOf(lastLayer(old.body)!.path), sublayer);
        return { ...old, body: [...body, { kind: "layer", path, instance: added(sublayer, path, widthAfter(old.body), lastLayer(old.body)!.instance) }] };
      }
    }
  };

  const stack = once((old: Stack): Stack => {
    const table = old.table && { ...old.table, instance: instance(old.table.instance) };
    const embed = old.embed.map(instance);
    const member = changes.embedding(old);
    if (member) embed.push(added(member, claim(`${old.path}.embed`, member), widthOf(old.embed[0]), old.embed[0]));
    return { ...old, table, embed, body: steps(old.body, changes.sublayer) };
  });
  const branch = (old: Branch): Branch => ({ ...old, stack: stack(old.stack), body: steps(old.body, null) });
  const head = once((old: Head): Head => ({ ...old, stack: stack(old.stack), body: steps(old.body, null), branches: old.branches.map(branch) }));

  return { architecture: { ...architecture, stacks: architecture.stacks.map(stack), heads: architecture.heads.map(head) }, heads: heads.map(head) };
}

/** A new layer beside one of the model, from whose place it is. */
function added({ definition, args }: AddedLayer, path: string, width: number, { place }: Instance): Instance {
  const input = { width, table: null };
  return { definition, args, path, input, weights: definition.weights(args, input), place, places: {}, parts: {}, sharedBy: [] };
}

function once<T extends object>(make: (old: T) => T): (old: T) => T {
  const known = new Map<T, T>();
  return (old) => {
    let made = known.get(old);
    if (!made) known.set(old, (made = make(old)));
    return made;
  };
}

/** Gives paths that nothing of the model has: `adapter`, then `adapter_2` in the same block. */
function claimer(architecture: Architecture): (parent: string, layer: AddedLayer) => string {
  const taken = new Set(instancesOf(architecture, architecture.heads).flatMap((instance) => [instance.path, ...instance.sharedBy]));
  return (parent, { definition: { word } }) => {
    let path = `${parent}.${word}`;
    for (let count = 2; taken.has(path); count++) path = `${parent}.${word}_${count}`;
    taken.add(path);
    return path;
  };
}

const parentOf = (path: string): string => path.split(".").slice(0, -1).join(".");

/** The last layer of some steps, with the path of this use. */
function lastLayer(steps: readonly Step[]): (Step & { kind: "layer" }) | null {
  return [...walk(steps)].findLast((step) => step.kind === "layer") ?? null;
}

const widthOf = ({ definition, args, input }: Instance): number => definition.width(args, input);

/** Features after some steps. */
function widthAfter(steps: readonly Step[]): number {
  return widthOf(lastLayer(steps)!.instance);
}
