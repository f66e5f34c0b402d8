// The shape of a run's batches and losses: which stack gets how many positions, and which head predicts where.

import type { Architecture, Head, Stack } from "./architecture.ts";
import { instancesOf } from "./architecture.ts";
import type { PreferenceOptions } from "./preference.ts";
import type { PlanLossKind } from "./objectives/plan.ts";
import type { RunSpec } from "./run-spec.ts";

export interface LayoutLoss {
  readonly head: Head;
  readonly weight: number;
  readonly kind: PlanLossKind;
  /** Positions with loss of an example, at most, where that is fewer than its positions; null: all of them. */
  readonly places: number | null;
  /** Of a preference: how it is computed, and what it is measured against. */
  readonly preference?: Preference;
}

/** `reference`: the model without an adaptation, with the weights that the run starts from; the run trains others of the same names. */
export interface Preference extends PreferenceOptions { readonly reference: { readonly teacher: Teacher; readonly architecture: Architecture; readonly head: Head } }

/** A run whose outputs another learns, from a checkpoint of it. */
export interface Teacher {
  /** Of its weights among the inputs of a graph: the run's, numbered where two have one name. */
  readonly name: string;
  readonly run: RunSpec;
  readonly checkpoint: "last" | "best" | number;
}

/** A loss against what a teacher makes of the same batch. */
export type Lesson = DistillLesson | MatchHiddenLesson;
interface AnyLesson { /** Of the loss: the word, numbered where there are several. */ readonly name: string; readonly weight: number; readonly teacher: Teacher }
/** Its logits at the positions of a loss of tokens. */
export interface DistillLesson extends AnyLesson { readonly kind: "distill"; readonly temperature: number; readonly head: Head; readonly taught: Head }
/** Its last hidden states. */
export interface MatchHiddenLesson extends AnyLesson { readonly kind: "match_hidden"; readonly stack: Stack; readonly taught: Stack }

export interface Layout {
  /** Positions of each stack, by its path. */
  readonly lengths: { readonly [path: string]: number };
  /** Several documents a sequence. */
  readonly documents: boolean;
  /** Each example has a prefix, and a mask looks at it. */
  readonly prefix: boolean;
  readonly losses: readonly LayoutLoss[];
  readonly lessons: readonly Lesson[];
}

/** Whether the loss of an example, or what a layer makes of it, depends on the others of its batch: such a batch is never split. */
export function couplesExamples(architecture: Architecture, { losses, lessons }: Layout): boolean {
  if (losses.some((loss) => loss.kind === "contrastive")) return true;
  const couples = (one: Architecture, heads: readonly Head[]): boolean => instancesOf(one, heads).some(({ definition, args }) => definition.couples?.(args));
  return couples(architecture, losses.map((loss) => loss.head)) || lessons.some(({ teacher: { run } }) => couples(run.architecture, run.heads));
}

/** The stack of one architecture that does what this stack of another does: gets its inputs, or its targets. */
export function counterpart(stack: Stack, from: Architecture, to: Architecture): Stack {
  const [theirs, ours] = [streamsOf(from), streamsOf(to)];
  return (stack === theirs.targets && ours.targets) || ours.inputs;
}

/** The stack whose inputs are the text (or the text with targets after it), and the decoder that gets the targets. */
export function streamsOf(architecture: Architecture): { readonly inputs: Stack; readonly targets: Stack | null } {
  const texts = architecture.stacks.filter((stack) => stack.reads === "tokens");
  const encoder = texts.find((stack) => stack.word === "encoder");
  const decoder = texts.find((stack) => stack.word === "decoder");
  if (encoder && decoder) return { inputs: encoder, targets: decoder };
  return { inputs: decoder ?? encoder ?? architecture.stacks[0], targets: null };
}
