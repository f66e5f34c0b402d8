// What the compiler must know of the words an objective is made of; the runtime's records hold it beside the functions.

import type { Resolved } from "../plan/schema.ts";
import type { Word } from "../phases/2-check/vocabulary.ts";

export type Arguments = { readonly [name: string]: Resolved };

/** Least and most that can happen to n tokens. */
export interface NoiseRange {
  /** Tokens that are noised. */
  readonly noised: readonly [least: number, most: number];
  /** Stretches of neighbouring noised tokens. */
  readonly spans: readonly [least: number, most: number];
}

export interface NoiseFacts extends Word {
  /** Stretches are drawn as such: a token literal stands for a whole one. */
  readonly stretches: boolean;
  /** The noised tokens are the end of the text: in one sequence the text just goes on. */
  readonly ends: boolean;
  readonly range: (tokens: number, args: Arguments) => NoiseRange;
  /** What is wrong with the arguments together, as the end of a sentence, or null. */
  readonly problem?: (args: Arguments) => string | null;
}

export interface InputFacts extends Word {
  /** What a stretch takes in the input: as many tokens as it has, one, or none. */
  readonly length: "tokens" | "one" | "none";
  /** Uses a sentinel a stretch. */
  readonly sentinels: boolean;
  /** Looks at one token at a time, so it can be given a share. */
  readonly single: boolean;
  /** Needs to know where sentences begin. */
  readonly sentences: boolean;
  /** Shows the token that was there. */
  readonly itself?: true;
}

export interface TargetFacts extends Word {
  /** Where the prediction stands: at the noised place itself, at the place before, or in a sequence of its own. */
  readonly place: "same" | "before" | "apart";
  /** Tokens of the target for a text of so many tokens, without a closing `<eos>`; places with loss for the others. */
  readonly length: (tokens: number, noised: number, spans: number) => number;
  readonly sentinels: boolean;
  /** Ends with `<eos>` where the tokenizer has one. */
  readonly closed: boolean;
}

export interface PairFacts extends Word {
  /** What the second member is: a text, or an image of another tower. */
  readonly with: "text" | "image";
  /** Classes that the head tells apart. */
  readonly classes: number;
  /** Special tokens around and between the two texts. */
  readonly tokens: readonly string[];
}

export interface ObjectiveWords {
  readonly noises: Readonly<Record<string, NoiseFacts>>;
  readonly inputs: Readonly<Record<string, InputFacts>>;
  readonly targets: Readonly<Record<string, TargetFacts>>;
  readonly pairs: Readonly<Record<string, PairFacts>>;
}
