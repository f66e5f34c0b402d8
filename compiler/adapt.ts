// An architecture as a run adapts it: weights that stay as they are marked frozen, and what is added to them. The result is a
// plain architecture, so graphs, counts, names and checkpoints follow from it without knowing of adaptations.

import { nothingTrained } from "../grammar/diagnostics/PT5084-nothing-trained.ts";
import { copied } from "./adaptations/_copy.ts";
import { headPaths, linearMaps, usesOf } from "./adaptations/_uses.ts";
import type { AdaptationDefinition, Weights } from "./adaptations/define.ts";
import { adaptations } from "./adaptations/index.ts";
import { trainedWeights } from "./apply.ts";
import { pretrainingHeads, type Architecture, type Head, type Stack } from "./architecture.ts";
import type { LayoutLoss, Lesson } from "./layout.ts";
import type { RunSpec } from "./run-spec.ts";
import type { Report, WeightSpec } from "./layers/define.ts";
import type { Call } from "./plan/schema.ts";

export interface Adapted { readonly architecture: Architecture; readonly heads: readonly Head[] }

/**
 * The architecture and the heads of a run under its adaptation (null: everything is trained). Pure. Heads that pretraining does not
 * have are trained whatever the adaptation says, with all that they use and no stack does; the others are a part of the model. Null after a report.
 */
export function adapted(architecture: Architecture, heads: readonly Head[], call: Call | null, report: Report): Adapted | null {
  if (!call) return { architecture, heads };
  const definition = definitionOf(call);
  const { arguments: args } = call;
  const { instances, stacks, above, layers } = usesOf(architecture, heads);
  const fresh = new Set(headPaths(heads.filter((head) => !pretrainingHeads.includes(head.name))).filter((path) => !stacks.has(path)));
  const mapsOf = (instance: (typeof instances)[number]) => (fresh.has(instance.path) ? [] : linearMaps(instance));

  let reported = false;
  const maps = [...new Set(instances.flatMap((instance) => mapsOf(instance).map((map) => map.name)))];
  definition.check?.(args, { architecture, heads, maps, layers }, (...problem) => {
    reported = true;
    report(...problem);
  });
  if (reported) return null;

  const result = copied(architecture, heads, {
    weights: ({ path, weights, definition: { word } }) => Object.fromEntries(Object.entries(weights).map(([leaf, spec]): [string, WeightSpec] => {
      const trained = spec.buffer || fresh.has(path) || definition.trains({ name: `${path}.${leaf}`, leaf, spec, word, head: !stacks.has(path), above: above.get(path) ?? null }, args);
      return [leaf, trained ? spec : { ...spec, frozen: true }];
    })),
    beside: (instance) => mapsOf(instance).flatMap((map) => {
      const added = definition.beside?.(args, map);
      return added ? [{ leaf: map.leaf, ...added }] : [];
    }),
    sublayer: definition.sublayer?.(args) ?? null,
    embedding: (stack) => (definition.embedding?.stackOf(architecture) === stack ? definition.embedding.layer(args) : null),
  });
  if (trainedWeights(result.architecture, result.heads).size) return result;
  report(nothingTrained, { adaptation: call.word, heads: heads.map((head) => head.name) });
  return null;
}

/** A checked run as its graphs, parameters and costs are made: under its adaptation, which checking found to fit. Teachers likewise. */
export function adaptedRun(run: RunSpec): RunSpec {
  if (!run.adapt && run.teachers.every((teacher) => !teacher.run.adapt)) return run;
  const result = adaptedModel(run);
  const teachers = new Map(run.teachers.map((teacher) => [teacher, { ...teacher, run: adaptedRun(teacher.run) }]));
  const headOf = (heads: readonly Head[], { name }: Head): Head => heads.find((head) => head.name === name)!;
  const stackOf = ({ stacks }: Architecture, { path }: Stack): Stack => stacks.find((stack) => stack.path === path)!;
  // Where an adaptation takes positions of the text, the reference has them too, as they were at first.
  const whole = placeholdersOf(run.architecture, run.adapt) !== null;
  const losses = run.layout.losses.map((loss): LayoutLoss => {
    const head = headOf(result.heads, loss.head);
    const { preference } = loss;
    return preference && whole ? { ...loss, head, preference: { ...preference, reference: { ...preference.reference, architecture: result.architecture, head } } } : { ...loss, head };
  });
  const lessons = run.layout.lessons.map((lesson): Lesson => {
    const teacher = teachers.get(lesson.teacher)!;
    return lesson.kind === "distill"
      ? { ...lesson, teacher, head: headOf(result.heads, lesson.head), taught: headOf(teacher.run.heads, lesson.taught) }
      : { ...lesson, teacher, stack: stackOf(result.architecture, lesson.stack), taught: stackOf(teacher.run.architecture, lesson.taught) };
  });
  return { ...run, ...result, teachers: [...teachers.values()], layout: { ...run.layout, losses, lessons } };
}

/** Whether an adaptation adds what cannot become a part of the model's own weights. */
export function addsLayers(call: Call): boolean {
  const { sublayer, embedding } = definitionOf(call);
  return Boolean(sublayer || embedding);
}

/** The model of a checked run under its adaptation. */
export function adaptedModel(run: Pick<RunSpec, "name" | "architecture" | "heads" | "adapt">): Adapted {
  return adapted(run.architecture, run.heads, run.adapt, (record) => {
    throw new Error(`${run.name}: ${record.code} was not found by checking`);
  })!;
}

/** Weights of a run as those of the plain model: low-rank updates folded in. Null where what an adaptation added cannot be (`adapter`, `prompt`). */
export function mergedWeights(weights: Weights, call: Call | null): Weights | null {
  if (!call) return weights;
  return addsLayers(call) ? null : (definitionOf(call).merge?.(call.arguments, weights) ?? weights);
}

/** Positions that an adaptation takes at the front of a stack's text. */
export interface Placeholders { readonly stack: string; readonly length: number }

/** Null where it takes none. The batch has real tokens there (`placeholderIds`), in training as in generation. */
export function placeholdersOf(architecture: Architecture, call: Call | null): Placeholders | null {
  const embedding = call && definitionOf(call).embedding;
  const stack = embedding?.stackOf(architecture);
  return call && embedding && stack ? { stack: stack.path, length: embedding.length(call.arguments) } : null;
}

/** The tokens that stand there, spread evenly over the first 5,000 ids of a vocabulary of this size (Lester et al. 2021, section 3.2, sample among 5,000). */
export function placeholderIds({ length }: Pick<Placeholders, "length">, vocab: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(((i + 0.5) * Math.min(vocab, 5_000)) / length));
}

export function definitionOf({ word }: Call): AdaptationDefinition {
  const definition = (adaptations as Readonly<Record<string, AdaptationDefinition>>)[word];
  if (!definition) throw new Error(`no adaptation \`${word}\``);
  return definition;
}
