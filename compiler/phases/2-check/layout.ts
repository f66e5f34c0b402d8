// An objective on an architecture: which tokens go where, how long they become, and which head is trained on them.

import { fewSentinels } from "../../../grammar/diagnostics/PT5013-few-sentinels.ts";
import { missingHead } from "../../../grammar/diagnostics/PT5004-missing-head.ts";
import { missingToken } from "../../../grammar/diagnostics/PT5003-missing-token.ts";
import { noRoom } from "../../../grammar/diagnostics/PT5018-no-room.ts";
import { oneTower } from "../../../grammar/diagnostics/PT5017-one-tower.ts";
import { otherArchitectureNeeded } from "../../../grammar/diagnostics/PT5012-other-architecture-needed.ts";
import { twoNoises } from "../../../grammar/diagnostics/PT5014-two-noises.ts";
import { wrongCombination } from "../../../grammar/diagnostics/PT5021-wrong-combination.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { readsEncoder, streamInput, type Architecture, type Head, type Stack } from "../../architecture.ts";
import { streamsOf, type Layout, type LayoutLoss } from "../../layout.ts";
import { fittingText, lengthsOf, sizesOf, type Shape } from "../../objectives/lengths.ts";
import type { PlanEntry, PlanLayout, PlanObjective, PlanStage, PlanStream, PlanTerm } from "../../objectives/plan.ts";
import { objectiveText, type Corruption, type ObjectiveTree, type Pair } from "../../objectives/tree.ts";
import { contextOf } from "../../sizes.ts";
import type { PlanSource, PlanTokenizer } from "../../plan/schema.ts";
import type { Context } from "./context.ts";
import { imageField } from "./image-field.ts";
import { specialId } from "./sources.ts";

/** One entry of a mixture before it is laid out. */
interface Recipe {
  readonly name: string;
  readonly weight: number;
  readonly lead: string | null;
  readonly tree: ObjectiveTree;
  readonly pair: Pair | null;
  readonly stages: readonly PlanStage[];
  readonly terms: readonly (PlanTerm & { readonly place: Place })[];
}

export interface Subject {
  readonly architecture: Architecture;
  readonly model: string;
  readonly tokenizer: PlanTokenizer;
  readonly tokenizerName: string;
  readonly length: number;
  readonly data: PlanSource;
  readonly pack: boolean;
  readonly place: Place;
}

export interface LaidOut { readonly objective: PlanObjective; readonly layout: Layout; readonly heads: readonly Head[] }

/** Null after a report. */
export function layOut(tree: ObjectiveTree, subject: Subject, context: Context): LaidOut | null {
  const before = context.sink.errors;
  const recipes = recipesOf(tree, context);
  if (!recipes) return null;
  const total = recipes.reduce((sum, recipe) => sum + recipe.weight, 0);
  const entries = recipes.map((recipe) => entryOf(recipe, recipe.weight / total, subject, context));
  if (context.sink.errors !== before || entries.some((entry) => entry === null)) return null;
  const made = entries.map((entry) => entry!);
  const heads = headsOf(made, recipes, subject, context);
  if (!heads) return null;
  const { inputs, targets } = streamsOf(subject.architecture);
  const longest = Math.max(...made.map((entry) => entry.lengths.targets));
  const lengths: Record<string, number> = Object.fromEntries(subject.architecture.stacks.map((stack) => [stack.path, stack.reads === "tokens" ? Math.min(subject.length, made[0].layout === "towers" ? contextOf(stack) : Infinity) : 0]));
  if (targets) lengths[targets.path] = longest;
  const losses = lossesOf(made, heads, lengths, subject.pack, context);
  const prefix = made.some((entry) => entry.layout === "one_sequence");
  const layout: Layout = { lengths, documents: subject.pack, prefix, losses, lessons: [] };
  const stream = (stack: Stack): PlanStream => ({
    prefix: streamInput(subject.architecture, stack, ""),
    length: lengths[stack.path],
    placeholders: [],
    segments: stack.embed.some((instance) => instance.definition.word === "segments"),
  });
  return {
    objective: {
      text: objectiveText(tree),
      entries: made,
      losses: losses.map(({ head, weight, kind, places }) => ({ head: head.name, weight, kind, places })),
      lessons: [],
      streams: { inputs: stream(inputs), targets: targets && { ...stream(targets), start: startOf(targets, subject, context) }, images: made[0].layout === "towers" ? imageField(subject.architecture, subject.data) : null },
      prefix,
    },
    layout,
    heads,
  };
}

/** The entries of a mixture, each with its pair, its corruptions and its losses; null after a report. */
function recipesOf(tree: ObjectiveTree, context: Context): Recipe[] | null {
  const entries = tree.kind === "mixture" ? tree.entries : [{ weight: 1, objective: tree }];
  const names = new Map<string, number>();
  const recipes: Recipe[] = [];
  for (const { weight, objective } of entries) {
    const lead = objective.kind === "led_by" ? objective.token : null;
    const inner = objective.kind === "led_by" ? objective.objective : objective;
    const terms = inner.kind === "sum" ? inner.terms : [{ weight: 1, objective: inner }];
    const made = recipeOf(terms, inner, context);
    if (!made) return null;
    const wanted = lead ?? objectiveName(inner);
    const count = (names.get(wanted) ?? 0) + 1;
    names.set(wanted, count);
    recipes.push({ name: count === 1 ? wanted : `${wanted}_${count}`, weight, lead, tree: objective, ...made });
  }
  return recipes;
}

function objectiveName(tree: ObjectiveTree): string {
  switch (tree.kind) {
    case "corruption":
    case "pair":
      return tree.name;
    case "sum":
      return tree.terms.map((term) => objectiveName(term.objective)).join("+");
    case "in_turn":
      return tree.parts.map(objectiveName).join("_");
    default:
      return tree.kind;
  }
}

function recipeOf(terms: readonly { readonly weight: number; readonly objective: ObjectiveTree }[], whole: ObjectiveTree, { sink, catalog }: Context): Pick<Recipe, "pair" | "stages" | "terms"> | null {
  const losses: Recipe["terms"][number][] = [];
  let pair: Pair | null = null;
  let stages: readonly PlanStage[] = [];
  let apart: Corruption | null = null;
  const refuse = (what: string, place: Place): null => {
    sink.report(twoNoises, place, { what });
    return null;
  };
  for (const { weight, objective } of terms) {
    if (objective.kind === "distill" || objective.kind === "match_hidden") throw new Error("what learns from a teacher is laid out apart (teachers.ts)");
    if (objective.kind === "mixture" || objective.kind === "led_by" || objective.kind === "sum") {
      sink.report(wrongCombination, objective.place, { what: `\`${objective.kind}\``, where: objective.kind === "led_by" && whole.kind !== "sum" ? "`led_by`" : "a sum", instead: `put it outside: \`${objective.kind === "led_by" ? "led_by(<s_mode>, a + b)" : "mixture(a + b, c)"}\`` });
      return null;
    }
    if (objective.kind === "pair") {
      if (pair) return refuse("make two pairs of texts", objective.place);
      pair = objective;
      losses.push({ head: objective.head, target: "class", weight, place: objective.place });
      continue;
    }
    const parts = objective.kind === "in_turn" ? objective.parts.flatMap((part) => (part.kind === "corruption" ? [part] : [])) : [objective];
    const own = parts.flatMap(({ noise, input }): PlanStage[] => (noise && input ? [{ noise, input }] : []));
    const last = parts.at(-1)!;
    if (own.length && stages.length && JSON.stringify(own) !== JSON.stringify(stages)) return refuse("have two kinds of noise", objective.place);
    if (own.length) stages = own;
    const isApart = catalog.objectives.targets[last.target].place === "apart";
    if ((isApart && losses.some((loss) => loss.target !== "class")) || apart) return refuse("have targets that stand in different places", objective.place);
    if (isApart) apart = last;
    if (losses.some((loss) => loss.head === last.head && loss.target === last.target)) return refuse("are two losses of one head", objective.place);
    losses.push({ head: last.head, target: last.target, weight, place: objective.place });
  }
  return { pair, stages, terms: losses };
}

/** Which layout the architecture gives a recipe; null after a report. */
function layoutOf(recipe: Recipe, { architecture, model, place }: Subject, { sink, catalog }: Context): PlanLayout | null {
  const { inputs, targets } = streamsOf(architecture);
  const places = recipe.terms.map((term) => catalog.objectives.targets[term.target]?.place ?? null);
  const objective = objectiveText(recipe.tree);
  const refuse = (architectureName: string, why: string, instead: string): null => {
    sink.report(otherArchitectureNeeded, place, { objective, architecture: architectureName, why, instead });
    return null;
  };
  if (recipe.pair && catalog.objectives.pairs[recipe.pair.pair].with === "image") {
    const image = architecture.stacks.some((stack) => stack.reads === "pixels");
    const text = architecture.stacks.some((stack) => stack.reads === "tokens");
    if (recipe.terms.length > 1) return refuse("a model of two towers", "its texts are not noised", "use `contrastive` alone");
    if (image && text) return "towers";
    sink.report(oneTower, place, { objective, model, missing: image ? "has no stack of texts" : architecture.stacks.length > 1 ? "has no stack of images" : "has one tower" });
    return null;
  }
  if (inputs.reads === "pixels") return refuse("a model of images", "it reads no text", "use `contrastive` with a second tower of texts");
  if (architecture.stacks.some((stack) => stack.reads === "pixels")) return refuse("a model of two towers", "its texts and images are set against each other", "use `contrastive`");
  if (architecture.stacks.length > (targets ? 2 : 1)) return refuse(`a model of the stacks ${architecture.stacks.map((stack) => `\`${stack.path}\``).join(", ")}`, "it fills one stack of texts, or an encoder and the decoder that reads it", "leave out the stacks that nothing fills");
  if (targets && !readsEncoder(targets)) return refuse("a decoder that does not read its encoder", "what the encoder makes of the inputs never reaches the targets", `add \`cross_attention(${inputs.path}, heads)\` to \`${targets.path}\``);
  if (places.includes("apart")) {
    if (targets) return "two_stacks";
    if (inputs.word === "decoder") return "one_sequence";
    return refuse("an encoder", `its targets are a sequence of their own (\`target: ${recipe.terms.find((_, i) => places[i] === "apart")!.target}\`)`, "use `masked`, which predicts in place, or a model with a decoder");
  }
  if (targets) {
    const instead = places.includes("before") ? "use `prefix_lm`, or `span_corruption`" : places.includes("same") ? "use `bert_style`, `mass` or `span_corruption`" : "add an objective with targets: `bert_style + nsp`";
    return refuse("an encoder-decoder", "it has no targets for the decoder", instead);
  }
  if (places.includes("before") && inputs.word === "encoder") return refuse("an encoder", "it predicts next tokens", "use `masked`, which predicts in place, or a `decoder`");
  return places.includes("before") && !recipe.stages.length && !recipe.pair ? "next" : "in_place";
}

function entryOf(recipe: Recipe, share: number, subject: Subject, context: Context): PlanEntry | null {
  const { sink, catalog } = context;
  const layout = layoutOf(recipe, subject, context);
  if (!layout) return null;
  const { tokenizer, tokenizerName, place } = subject;
  const before = sink.errors;
  const objective = objectiveText(recipe.tree);
  const has = (name: string): boolean => tokenizer.special.some((special) => special.name === name);
  const need = (name: string, why: string): void => {
    if (!has(name) && !sentinelNames(tokenizer.sentinels).includes(name)) sink.report(missingToken, place, { token: name, tokenizer: tokenizerName, why });
  };
  for (const { input } of recipe.stages) for (const { shows } of input) if (shows.startsWith("<")) need(shows.slice(1, -1), `\`${objective}\` needs`);
  if (recipe.lead) need(recipe.lead, `leads the inputs of \`${objective}\``);
  if (recipe.pair) for (const name of catalog.objectives.pairs[recipe.pair.pair].tokens) need(name, `\`${objective}\` needs around its two texts`);
  const shape: Shape = { layout, frame: frameOf(recipe, layout, has, context), stages: recipe.stages, terms: recipe.terms, pair: recipe.pair?.pair ?? null };
  if (layout === "towers") {
    const length = Math.min(subject.length, contextOf(streamsOf(subject.architecture).inputs));
    const raw = Math.max(0, length - shape.frame.before.length - shape.frame.after.length);
    if (raw === 0) sink.report(noRoom, place, { objective, length });
    return raw === 0 ? null : { name: recipe.name, share, ...shape, task: null, terms: plainTerms(recipe), lengths: { raw, inputs: length, targets: 1 } };
  }
  const lengths = lengthsOf(shape, subject.length, catalog.objectives);
  if (lengths.raw < (recipe.pair ? 2 : 1) || (recipe.stages.length > 0 && sizesOf(shape, fittingText(shape, subject.length, catalog.objectives), catalog.objectives).places < 1)) sink.report(noRoom, place, { objective, length: subject.length });
  const { sentinels } = sizesOf(shape, lengths.raw, catalog.objectives);
  if (sentinels > tokenizer.sentinels) sink.report(fewSentinels, place, { objective, needed: sentinels, tokenizer: tokenizerName, sentinels: tokenizer.sentinels });
  return sink.errors === before ? { name: recipe.name, share, ...shape, task: null, terms: plainTerms(recipe), lengths } : null;
}

const plainTerms = (recipe: Recipe): PlanTerm[] => recipe.terms.map(({ head, target, weight }) => ({ head, target, weight }));

function sentinelNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i < 3 ? "XYZ"[i] : `extra_${i}`));
}

/** Special tokens around a text, those of them that the tokenizer has. */
function frameOf(recipe: Recipe, layout: PlanLayout, has: (name: string) => boolean, { catalog }: Context): PlanEntry["frame"] {
  const first = (...names: string[]): string[] => names.filter(has).slice(0, 1);
  const lead = recipe.lead ? [recipe.lead] : [];
  const target = recipe.terms.map((term) => catalog.objectives.targets[term.target]).find((known) => known?.place === "apart");
  const close = target?.closed ? first("eos") : [];
  // A text beside an image (Radford et al. 2021): `<bos>` and `<eos>`, or what stands for them.
  if (layout === "towers") return { before: [...first("bos", "cls"), ...lead], between: [], after: first("eos", "sep"), close: [] };
  if (recipe.pair) return { before: ["cls", ...lead], between: ["sep"], after: ["sep"], close };
  switch (layout) {
    case "next":
      return { before: lead, between: [], after: [], close: [] };
    case "in_place":
      return { before: [...first("cls", "bos"), ...lead], between: [], after: first("sep", "eos"), close: [] };
    case "two_stacks":
      return { before: lead, between: [], after: first("eos"), close };
    case "one_sequence": {
      // Where the noised tokens are the end of the text, the sequence just goes on.
      const goesOn = recipe.stages.length === 1 && catalog.objectives.noises[recipe.stages[0].noise.word].ends && target?.word === "dropped";
      return { before: [...first("bos"), ...lead], between: [], after: goesOn ? [] : first("eos"), close };
    }
  }
}

/** The heads of all terms, each once, in the order of the model; null after a report. */
function headsOf(entries: readonly PlanEntry[], recipes: readonly Recipe[], { architecture, model, place }: Subject, { sink }: Context): Head[] | null {
  const before = sink.errors;
  const names = new Set(entries.flatMap((entry) => entry.terms.map((term) => term.head)));
  const decoder = streamsOf(architecture).targets;
  for (const name of names) {
    const recipe = recipes.find((one) => one.terms.some((term) => term.head === name))!;
    const head = architecture.heads.find((candidate) => candidate.name === name);
    const isClass = recipe.terms.find((term) => term.head === name)!.target === "class";
    if (!head) sink.report(missingHead, place, { head: name, model, objective: objectiveText(recipe.tree), classes: isClass });
    else if (decoder && !isClass && head.stack !== decoder) sink.report(otherArchitectureNeeded, place, { objective: objectiveText(recipe.tree), architecture: "an encoder-decoder", why: `the head \`${name}\` reads \`${head.stack.path}\`, and the targets are in \`${decoder.path}\``, instead: `let it read \`${decoder.path}\`` });
  }
  if (sink.errors !== before) return null;
  return architecture.heads.filter((head) => names.has(head.name));
}

/** One loss a head. A head that several entries train with other weights has the largest; the others are scaled example by example. */
function lossesOf(entries: readonly PlanEntry[], heads: readonly Head[], lengths: Layout["lengths"], pack: boolean, { catalog }: Context): LayoutLoss[] {
  return heads.map((head) => {
    const uses = entries.flatMap((entry) => entry.terms.filter((term) => term.head === head.name).map((term) => ({ entry, term })));
    const weight = Math.max(...uses.map(({ term }) => term.weight));
    if (uses.every(({ entry }) => entry.layout === "towers")) return { head, weight, kind: "contrastive" as const, places: null };
    if (uses.every(({ term }) => term.target === "class")) return { head, weight, kind: "class" as const, places: null };
    const length = lengths[head.stack.path];
    const most = Math.max(...uses.map(({ entry, term }) => placesOf(entry, term, length, pack, catalog.objectives)));
    return { head, weight, kind: "tokens" as const, places: most < length ? most : null };
  });
}

/** Places with loss of an example, at most. */
function placesOf(entry: PlanEntry, term: PlanTerm, length: number, pack: boolean, words: Context["catalog"]["objectives"]): number {
  if (entry.layout === "one_sequence") return entry.lengths.targets;
  if (entry.layout !== "in_place" || words.targets[term.target].place !== "same") return length;
  if (!pack) return sizesOf(entry, entry.lengths.raw, words).places;
  // Packed, short documents have more places to a position: at least one each.
  const framed = entry.frame.before.length + entry.frame.after.length;
  const densest = Math.max(...Array.from({ length: entry.lengths.raw }, (_, i) => sizesOf(entry, i + 1, words).places / (i + 1 + framed)));
  return Math.floor(length * densest);
}

/** The token before the first target: what the stack says, else `<bos>`, else `<pad>`. */
export function startOf(stack: Stack, { tokenizer, tokenizerName, place }: Subject, context: Context): number {
  if (typeof stack.start === "number") return stack.start;
  for (const name of typeof stack.start === "string" ? [stack.start] : ["bos", "pad"]) {
    const id = specialId(tokenizer, name, context);
    if (id !== null) return id;
  }
  context.sink.report(missingToken, place, { token: typeof stack.start === "string" ? stack.start : "pad", tokenizer: tokenizerName, why: "stands before the first target of a decoder" });
  return 0;
}
