// The shape of a run's batches and losses: which stack gets how many positions, and which head predicts where.

import type { Architecture, Head, Stack } from "./architecture.ts";
import { instancesOf } from "./architecture.ts";

export interface LayoutLoss {
  readonly head: Head;
  readonly weight: number;
  readonly kind: "tokens" | "class" | "contrastive";
  /** Positions with loss of an example, at most, where that is fewer than its positions; null: all of them. */
  readonly places: number | null;
}

export interface Layout {
  /** Positions of each stack, by its path. */
  readonly lengths: { readonly [path: string]: number };
  /** Several documents a sequence. */
  readonly documents: boolean;
  /** Each example has a prefix, and a mask looks at it. */
  readonly prefix: boolean;
  readonly losses: readonly LayoutLoss[];
}

/** Whether the loss of an example, or what a layer makes of it, depends on the others of its batch: such a batch is never split. */
export function couplesExamples(architecture: Architecture, { losses }: Layout): boolean {
  if (losses.some((loss) => loss.kind === "contrastive")) return true;
  return instancesOf(architecture, losses.map((loss) => loss.head)).some(({ definition, args }) => definition.couples?.(args));
}

/** The stack whose inputs are the text (or the text with targets after it), and the decoder that gets the targets. */
export function streamsOf(architecture: Architecture): { readonly inputs: Stack; readonly targets: Stack | null } {
  const texts = architecture.stacks.filter((stack) => stack.reads === "tokens");
  const encoder = texts.find((stack) => stack.word === "encoder");
  const decoder = texts.find((stack) => stack.word === "decoder");
  if (encoder && decoder) return { inputs: encoder, targets: decoder };
  return { inputs: decoder ?? encoder ?? architecture.stacks[0], targets: null };
}
