// An objective as a plan holds it: what the runtime does to each example, every value written out.

import type { Call } from "../plan/schema.ts";

/** What is shown of a noised place with this probability: a token `<mask>`, or a word of the inputs. */
export interface PlanShown { readonly share: number; readonly shows: string }

export interface PlanStage { readonly noise: Call; readonly input: readonly PlanShown[] }

/**
 * Where an example's tokens go. `next`: stretches of documents, each token predicting the one after it. `in_place`: one
 * sequence, predictions at its own places. `one_sequence`: inputs and targets one after the other in one stack. `two_stacks`:
 * inputs to the encoder, targets to the decoder. `towers`: an image and a text.
 */
export type PlanLayout = "next" | "in_place" | "one_sequence" | "two_stacks" | "towers";

/** One loss of an entry: a target of tokens, the class of the pair, or what a task asks for. */
export interface PlanTerm { readonly head: string; readonly target: string; readonly weight: number }

export interface PlanLengths { readonly raw: number; readonly inputs: number; readonly targets: number }

/** A task with right answers: its call, with columns by our names. In a mixture of tasks each reads the entry of its name of the plan's data. */
export interface PlanTask {
  readonly call: Call;
  /** Train on so many rows, drawn by the seed; null: all of them. */
  readonly examples: number | null;
}

/** What a loss is computed from: tokens at positions, a class of the whole, one of several texts, a number, a class of positions, the first and the last position of a stretch, which of two texts is the better one. */
export type PlanLossKind = "tokens" | "class" | "contrastive" | "number" | "tags" | "span" | "preference";

/** One entry of a mixture; an objective that is none has a single one. */
export interface PlanEntry {
  readonly name: string;
  /** Probability that an example is drawn for it. */
  readonly share: number;
  readonly layout: PlanLayout;
  /** Names of the special tokens around the text before it is noised, between the two texts of a pair, and after the targets. */
  readonly frame: { readonly before: readonly string[]; readonly between: readonly string[]; readonly after: readonly string[]; readonly close: readonly string[] };
  readonly pair: string | null;
  /** Null for self-supervised ones. */
  readonly task: PlanTask | null;
  /** Corruptions, one after the other. */
  readonly stages: readonly PlanStage[];
  readonly terms: readonly PlanTerm[];
  /** Tokens of text that an example takes, at most; the longest inputs and targets that come of them. */
  readonly lengths: PlanLengths;
}

export interface PlanLoss {
  readonly head: string;
  readonly weight: number;
  readonly kind: PlanLossKind;
  /** Positions with loss of an example, at most; null where any position may have loss. */
  readonly places: number | null;
}

/** A loss against a teacher of the plan, over the positions of the loss of `head`, or the real ones of a stack. */
export interface PlanLesson {
  /** Of its loss among those of the train graph. */
  readonly name: string;
  readonly kind: "distill" | "match_hidden";
  readonly teacher: string;
  readonly weight: number;
  readonly temperature: number | null;
  readonly head: string | null;
  readonly stream: "inputs" | "targets" | null;
}

/** The fields that belong to a stack begin with `prefix`: nothing where there is one stack, `encoder.` and so on where there are several. */
export interface PlanStream {
  readonly prefix: string;
  readonly length: number;
  readonly segments: boolean;
  /** Ids that stand before every text, for an adaptation that learns vectors there. */
  readonly placeholders: readonly number[];
}

/** The stack of the images: fields `PREFIXpixels` float32 [C, H, W] of each example, and `positions` of its patches and what stands before them. */
export interface PlanImages { readonly prefix: string; readonly channels: number; readonly height: number; readonly width: number; readonly positions: number; /** Of the data, by our name. */ readonly column: string }

export interface PlanObjective {
  /** As text of the language. */
  readonly text: string;
  readonly entries: readonly PlanEntry[];
  readonly losses: readonly PlanLoss[];
  readonly lessons: readonly PlanLesson[];
  /** The stack of the inputs, that of the targets and that of the images, where there is one; in a task on images the inputs are those (`readsImages`). */
  readonly streams: { readonly inputs: PlanStream; readonly targets: (PlanStream & { /** Id before the first target. */ readonly start: number }) | null; readonly images: PlanImages | null };
  /** A mask looks at the length of each example's prefix. */
  readonly prefix: boolean;
}

/** Whether the inputs are images: then `inputs` counts the positions of their patches, and has no fields of its own. */
export function readsImages({ inputs, images }: PlanObjective["streams"]): boolean {
  return images !== null && images.prefix === inputs.prefix;
}
