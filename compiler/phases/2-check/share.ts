// `share: encoder`: a stack whose weights are those of another, where the two correspond (Raffel et al. 2020, "shared").
// In corresponding repeats, residuals are matched by the kind of their sublayer, in order, with the norms inside them;
// outside of repeats layers are matched by word, in order. A `let` is matched with that of its name, where there is one, and is
// matched once, however often it is used. What has no partner (cross-attention) keeps its own weights.

import { sharedShapes } from "../../../grammar/diagnostics/PT4016-shared-shapes.ts";
import { walk, type Instance, type Part, type Scheme, type Stack, type Step, type Weighted } from "../../architecture.ts";
import type { Making } from "./model.ts";

/** Null after a report. */
export function shareWeights(stack: Stack, other: Stack, making: Making): Stack | null {
  const { sink } = making.context;
  const before = sink.errors;

  const namesakes = namesakesOf(stack, other, new Set(making.letPaths.values()));
  const reserved = new Set(namesakes.values());
  const taken = new Map<Instance, Instance>();
  const take = (own: Instance, inOrder: Instance | undefined): Instance => {
    const theirs = namesakes.get(own) ?? inOrder;
    const known = taken.get(own) ?? (theirs ? { ...own, ...weightsFrom(own, theirs), parts: parts(own, theirs) } : own);
    taken.set(own, known);
    return known;
  };

  const weightsFrom = <W extends Weighted>(own: W, theirs: Weighted): Pick<Weighted, "path" | "weights" | "sharedBy"> => {
    const differing = Object.keys({ ...own.weights, ...theirs.weights }).find((leaf) => own.weights[leaf]?.shape.join() !== theirs.weights[leaf]?.shape.join());
    if (differing === undefined) {
      if (own.path !== theirs.path) theirs.sharedBy.push(own.path);
    } else sink.report(sharedShapes, own.place, { path: own.path, other: theirs.path, leaf: differing, ours: own.weights[differing]?.shape ?? null, theirs: theirs.weights[differing]?.shape ?? null }, { related: [{ message: "it would share these weights", place: theirs.place }] });
    return { path: theirs.path, weights: theirs.weights, sharedBy: theirs.sharedBy };
  };

  // One `let` used by several layers stays one: each scheme is matched once.
  const schemes = new Map<Scheme, Scheme>();
  const parts = (own: Instance, theirs: Instance): Instance["parts"] =>
    Object.fromEntries(Object.entries(own.parts).map(([name, part]): [string, Part] => {
      const partner = theirs.parts[name];
      if (part.kind === "layer" && partner?.kind === "layer") return [name, { kind: "layer", instance: take(part.instance, partner.instance) }];
      if (part.kind !== "scheme" || partner?.kind !== "scheme") return [name, part];
      const known = schemes.get(part.scheme) ?? { ...part.scheme, ...weightsFrom(part.scheme, partner.scheme) };
      schemes.set(part.scheme, known);
      return [name, { kind: "scheme", scheme: known }];
    }));

  /** Layers by word, in order. */
  const layersLike = (steps: readonly Step[]): ((word: string) => Instance | undefined) => {
    const queues = new Map<string, Instance[]>();
    for (const step of steps) if (step.kind === "layer" && !reserved.has(step.instance)) queues.set(step.instance.definition.word, [...(queues.get(step.instance.definition.word) ?? []), step.instance]);
    return (word) => queues.get(word)?.shift();
  };

  const matched = (own: readonly Step[], theirs: readonly Step[], insideRepeat: boolean): Step[] => {
    const layer = layersLike(theirs);
    const repeats = theirs.flatMap((step) => (step.kind === "repeat" ? [step] : []));
    const residuals = theirs.flatMap((step) => (step.kind === "residual" ? [step] : []));
    return own.map((step): Step => {
      switch (step.kind) {
        case "layer":
          return insideRepeat && !namesakes.has(step.instance) ? step : { ...step, instance: take(step.instance, namesakes.has(step.instance) ? undefined : layer(step.instance.definition.word)) };
        case "repeat": {
          const partner = repeats.shift();
          return partner ? { ...step, copies: step.copies.map((copy, i) => (partner.copies[i] ? matched(copy, partner.copies[i], true) : copy)) } : step;
        }
        case "residual": {
          const kind = sublayerOf(step.body);
          const at = residuals.findIndex((candidate) => sublayerOf(candidate.body) === kind);
          if (at < 0) return step;
          const [partner] = residuals.splice(at, 1);
          return { ...step, body: matched(step.body, partner.body, false) };
        }
        default:
          return step;
      }
    });
  };

  const body = matched(stack.body, other.body, false);
  return sink.errors === before ? { ...stack, body } : null;
}

/** The `let`s of a stack whose name and word one of the other has in the same place. */
function namesakesOf(stack: Stack, other: Stack, letPaths: ReadonlySet<string>): Map<Instance, Instance> {
  const lets = ({ path, body }: Stack): Map<string, Instance> =>
    new Map([...walk(body)].flatMap((step) => (step.kind === "layer" && letPaths.has(step.instance.path) && step.instance.path.startsWith(`${path}.`) ? [[`${step.instance.path.slice(path.length)} ${step.instance.definition.word}`, step.instance]] : [])));
  const theirs = lets(other);
  return new Map([...lets(stack)].flatMap(([key, own]) => (theirs.has(key) ? [[own, theirs.get(key)!]] : [])));
}

/** The word of the layer that a residual is about: the first that mixes positions or features. */
function sublayerOf(steps: readonly Step[]): string {
  for (const step of steps) {
    if (step.kind === "layer" && ("heads" in step.instance.args || "hidden" in step.instance.args)) return step.instance.definition.word;
    if (step.kind === "sequence" || step.kind === "residual") return sublayerOf(step.body);
    if (step.kind === "parallel") return `parallel of ${step.members.map((member) => sublayerOf([member])).join(" ")}`;
  }
  return steps.map((step) => (step.kind === "layer" ? step.instance.definition.word : step.kind)).join(" ");
}
