// The contract of a decoding: how the next tokens of one prompt are chosen. It sees logits and never a session, so it is tested without one.

import type { RandomStream } from "../../../compiler/random.ts";
import type { Resolved } from "../../../compiler/plan/schema.ts";
import type { Field, Fields } from "../../../grammar/fields.ts";
import type { PenaltySettings } from "../penalties.ts";

export type DecodingArguments = { readonly [name: string]: Resolved | undefined };

/** A text that was made of a prompt. */
export interface GeneratedSequence {
  /** New ids alone; an end token is kept as the last. */
  readonly ids: readonly number[];
  /** Of a beam, its sum of log-probabilities by its length to the power of the length penalty; else the sum of `logprobs`. */
  readonly score: number;
  /** Natural log-probability of each id under the model itself, whatever penalties and filters did to the choice. */
  readonly logprobs: readonly number[];
  /** Where they were asked for: the likeliest ids of each place, most likely first. */
  readonly alternatives: readonly Alternatives[];
}

export interface Alternatives { readonly ids: readonly number[]; readonly logprobs: readonly number[] }

export interface SearchStart {
  /** What penalties look at: the prompt, or what a decoder beside an encoder starts with. */
  readonly history: readonly number[];
  /** At most this many new ids. */
  readonly tokens: number;
  /** Ids that end a text. */
  readonly stop: readonly number[];
  /** Whether a text ends with these new ids. */
  readonly ends?: ((ids: readonly number[]) => boolean) | undefined;
  /** The random numbers of the n-th text of this prompt. */
  readonly random: (text: number) => RandomStream;
  /** How many alternatives to note at each place. */
  readonly alternatives: number;
  /** Called with each id of the first text, where a decoding never takes one back. */
  readonly onToken?: ((id: number) => void) | undefined;
}

/** How a row goes on: the row that it goes on from, and its next id. */
export interface Continuation { readonly row: number; readonly id: number }

/** The texts of one prompt in the making. */
export interface Search {
  /** Reads the logits [V] of every row (all the same before the first id) and says how each goes on; null when all is done. */
  step(logits: readonly Float32Array[]): readonly Continuation[] | null;
  /** Best first; of a search that was interrupted, what it has. */
  results(): readonly GeneratedSequence[];
}

export interface DecodingDefinition {
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** Texts that run side by side for one prompt. */
  readonly rows: (args: DecodingArguments) => number;
  /** Why the arguments do not go together. */
  readonly problem?: (args: DecodingArguments) => string | null;
  readonly begin: (args: DecodingArguments, start: SearchStart) => Search;
}

export function defineDecoding(definition: DecodingDefinition): DecodingDefinition {
  return definition;
}

/** Parameters that every decoding has. */
export const commonFields: Fields = {
  tokens: { type: { type: "integer", minimum: 1 }, doc: "at most this many new tokens; absent: what the command or field says" },
  end: { type: { type: "any", of: [{ type: "switch" }, { type: "token" }, { type: "integer", minimum: 0 }] }, doc: "the token that ends a text, as a name or an id; `off`: none; absent: the model's own, else `<eos>`" },
  repetition_penalty: { type: { type: "number", minimum: 0, exclusive: true }, doc: "divides the scores of tokens seen before (multiplies negative ones)", default: "1" },
  no_repeat_ngram: { type: { type: "integer", minimum: 0 }, doc: "no so many tokens in a row occur twice; 0: they may", default: "0" },
};

export const sequencesField: Field = { type: { type: "integer", minimum: 1 }, doc: "texts for each prompt", default: "1" };

export function numberOf(args: DecodingArguments, name: string): number | null {
  const value = args[name];
  return typeof value === "number" ? value : null;
}

export function penaltiesOf(args: DecodingArguments): PenaltySettings {
  return { repetition_penalty: numberOf(args, "repetition_penalty"), no_repeat_ngram: numberOf(args, "no_repeat_ngram") };
}
