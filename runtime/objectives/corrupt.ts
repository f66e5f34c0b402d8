// One corruption of a text: noise is drawn among its ordinary tokens, and the input shows what it shows of them.

import type { PlanShown, PlanStage } from "../../compiler/objectives/plan.ts";
import type { Arguments } from "../../compiler/objectives/facts.ts";
import type { RandomStream } from "../../compiler/random.ts";
import { inputs } from "./inputs/index.ts";
import type { InputDefinition, Shown } from "./inputs/define.ts";
import { noises } from "./noises/index.ts";
import type { NoiseDefinition, Span } from "./noises/define.ts";

const knownNoises: Readonly<Record<string, NoiseDefinition>> = noises;
const knownInputs: Readonly<Record<string, InputDefinition>> = inputs;

/** What corruption must know of a vocabulary. */
export interface TokenFacts {
  /** 1 for ids that are never noised. */
  readonly special: Uint8Array;
  /** Ids that a random token may be. */
  readonly ordinary: ArrayLike<number>;
  readonly sentinels: readonly number[];
  readonly idOf: (name: string) => number;
  /** 1 where a word begins, for each of these ids. */
  readonly words: (ids: ArrayLike<number>) => Uint8Array;
}

/** A text on its way: ids, and for each the token of the original that it stands for. */
export interface Text { readonly ids: ArrayLike<number>; readonly source: ArrayLike<number> }

export interface Corrupted { readonly text: Text; readonly spans: readonly Span[] }

/** `aligned`: the input must stay as long as the text, since predictions stand at its places. */
export function corrupt(text: Text, { noise, input }: PlanStage, sentences: ArrayLike<number>, aligned: boolean, facts: TokenFacts, random: RandomStream): Corrupted {
  const spans = drawSpans(text, noise.word, noise.arguments, facts, random);
  return { text: showSpans(text, spans, input, { whole: knownNoises[noise.word].stretches && !aligned, sentences }, facts, random), spans };
}

/** Noise over the ordinary tokens; a stretch that runs over a special token is cut there. */
export function drawSpans(text: Text, word: string, args: Arguments, facts: TokenFacts, random: RandomStream): Span[] {
  const { ids } = text;
  const free: number[] = [];
  for (let i = 0; i < ids.length; i++) if (!facts.special[ids[i]]) free.push(i);
  const words = (): Uint8Array => facts.words(free.map((i) => ids[i]));
  const spans: Span[] = [];
  for (const { start, length } of knownNoises[word].draw(free.length, args, { random, words })) {
    if (length === 0) {
      spans.push({ start: start < free.length ? free[start] : (free.at(-1) ?? -1) + 1, length: 0 });
      continue;
    }
    for (let i = start; i < start + length; i++) {
      const last = spans.at(-1);
      if (i > start && last && last.start + last.length === free[i]) spans[spans.length - 1] = { start: last.start, length: last.length + 1 };
      else spans.push({ start: free[i], length: 1 });
    }
  }
  return spans;
}

/** The input that noised stretches leave. `whole`: a token literal stands for a stretch, not for each of its tokens. */
export function showSpans(text: Text, spans: readonly Span[], input: readonly PlanShown[], options: { readonly whole: boolean; readonly sentences: ArrayLike<number> }, facts: TokenFacts, random: RandomStream): Text {
  const ids: number[] = [];
  const source: number[] = [];
  let at = 0;
  const keepUntil = (end: number): void => {
    for (; at < end; at++) {
      ids.push(text.ids[at]);
      source.push(text.source[at]);
    }
  };
  spans.forEach(({ start, length }, index) => {
    keepUntil(start);
    const inside = Array.from({ length }, (_, i) => text.ids[start + i]);
    const shown = show(inside, index, start, input, options, text, facts, random);
    ids.push(...shown.ids);
    // A mask that was put in belongs to the token that follows it.
    for (const i of shown.source) source.push(text.source[Math.min(start + i, text.ids.length - 1)]);
    at = start + length;
  });
  keepUntil(text.ids.length);
  return { ids, source };
}

function show(inside: readonly number[], index: number, start: number, input: readonly PlanShown[], options: { readonly whole: boolean; readonly sentences: ArrayLike<number> }, text: Text, facts: TokenFacts, random: RandomStream): Shown {
  const context = { random, sentinels: facts.sentinels, ordinary: facts.ordinary };
  const one = (shows: string, ids: readonly number[], whole: boolean): Shown => {
    const token = tokenName(shows);
    if (token !== null) {
      const id = facts.idOf(token);
      return whole ? { ids: [id], source: [0] } : { ids: ids.map(() => id), source: ids.map((_, i) => i) };
    }
    const sentences = (): ArrayLike<number> => ids.map((_, i) => options.sentences[text.source[start + i]] ?? 0);
    return knownInputs[shows].show({ ids, index, sentences }, context);
  };
  if (input.length === 1) return one(input[0].shows, inside, options.whole);
  const ids: number[] = [];
  const source: number[] = [];
  inside.forEach((id, i) => {
    const shown = one(choice(input, random.unit()), [id], false);
    ids.push(...shown.ids);
    source.push(...shown.source.map(() => i));
  });
  return { ids, source };
}

/** The name in `<mask>`, or null for a word. */
export function tokenName(shows: string): string | null {
  return shows.startsWith("<") ? shows.slice(1, -1) : null;
}

function choice(input: readonly PlanShown[], u: number): string {
  let sum = 0;
  for (const { share, shows } of input) {
    sum += share;
    if (u < sum) return shows;
  }
  return input.at(-1)!.shows;
}
