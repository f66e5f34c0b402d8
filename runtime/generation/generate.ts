// Generation: prompts in batches, each with a search of its own, over one pair of graphs.

import { randomStream } from "../../compiler/random.ts";
import type { Call } from "../../compiler/plan/schema.ts";
import type { Handle, Session } from "../session.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import type { Continuation, DecodingDefinition, GeneratedSequence, Search } from "./decodings/define.ts";
import { decodings } from "./decodings/index.ts";
import { openRows } from "./rows.ts";
import type { GraphSource } from "./source.ts";

export interface GenerateOptions {
  /** How to choose: `greedy`, `beam(4)`, `sample(top_p: 0.9)` with its arguments. */
  readonly decoding: Call;
  /** At most this many new ids, where the decoding says nothing. */
  readonly tokens: number;
  readonly seed: number;
  /** Which stream of the seed the first prompt has: of the step that samples. */
  readonly index?: number;
  /** Ids that end a text, where the decoding says nothing; they are kept as the last id. */
  readonly stop?: readonly number[];
  /** Whether a text ends with these new ids, beside `stop`; where a decoding takes no id back. */
  readonly ends?: ((ids: readonly number[]) => boolean) | undefined;
  /** So many likeliest ids are noted at each place. */
  readonly alternatives?: number;
  /** Called with each new id of a prompt's first text as it comes, where a decoding takes none back. */
  readonly onToken?: (prompt: number, id: number) => void;
  /** Called once for each prompt, when nothing more comes. */
  readonly onDone?: (prompt: number, sequences: readonly GeneratedSequence[]) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Texts and cache rows of a batch: more weigh more memory than they save time. */
const most = { rows: 16, slots: 8192 };

/**
 * New ids after each prompt of at least one id: what follows it in one stack, or, with an encoder, what the decoder makes of it.
 * An interrupted generation gives what it has. The weights stay the caller's.
 */
export async function generate(session: Session, source: GraphSource, weights: ReadonlyMap<string, Handle>, prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<(readonly GeneratedSequence[])[]> {
  const { arguments: args } = options.decoding;
  const definition = decodingOf(options.decoding);
  const tokens = typeof args.tokens === "number" ? args.tokens : options.tokens;
  const begin = (prompt: number): Search => definition.begin(args, {
    history: source.encoder === null ? prompts[prompt] : [source.start!],
    tokens,
    stop: options.stop ?? [],
    ends: options.ends,
    random: (text) => randomStream(options.seed, "sample", (options.index ?? 0) + prompt, text),
    alternatives: options.alternatives ?? 0,
    onToken: options.onToken && ((id) => options.onToken!(prompt, id)),
  });
  return searchAll(session, source, weights, prompts, { perPrompt: definition.rows(args), tokens, begin, onDone: options.onDone, signal: options.signal });
}

export interface SearchOptions extends Pick<GenerateOptions, "onDone" | "signal"> {
  /** Texts side by side for each prompt, and ids that each may add. */
  readonly perPrompt: number;
  readonly tokens: number;
  /** The search of a prompt, by its number. */
  readonly begin: (prompt: number) => Search;
}

/** Runs a search for each prompt, in batches: the prompts are read once, whatever goes on from them. */
export async function searchAll(session: Session, source: GraphSource, weights: ReadonlyMap<string, Handle>, prompts: readonly (readonly number[])[], options: SearchOptions): Promise<(readonly GeneratedSequence[])[]> {
  const results: (readonly GeneratedSequence[])[] = prompts.map(() => []);
  for (const batch of batchesOf(prompts, source, options.perPrompt, options.tokens)) {
    if (options.signal?.aborted) break;
    const made = await searchBatch(session, source, weights, batch.map((at) => prompts[at]), batch, options);
    batch.forEach((at, i) => (results[at] = made[i]));
  }
  return results;
}

export function decodingOf({ word }: Call): DecodingDefinition {
  const known: { readonly [word: string]: DecodingDefinition } = decodings;
  if (!Object.hasOwn(known, word)) throw new Error(`no decoding \`${word}\``);
  return known[word];
}

/** Numbers of the prompts that run together, in order; alike in length where padding would change what a mask means. */
function batchesOf(prompts: readonly (readonly number[])[], source: GraphSource, perPrompt: number, tokens: number): number[][] {
  const batches: number[][] = [];
  for (const [at, { length }] of prompts.entries()) {
    const fits = (batch: readonly number[]): boolean => {
      const texts = (batch.length + 1) * perPrompt;
      const longest = Math.max(length, ...batch.map((other) => prompts[other].length));
      return batch.length < source.most && texts <= most.rows && texts * Math.min(source.window, longest + tokens) <= most.slots
        && (source.ragged || source.encoder !== null || prompts[batch[0]].length === length);
    };
    const batch = batches.findLast(fits);
    if (batch) batch.push(at);
    else batches.push([at]);
  }
  return batches;
}

async function searchBatch(session: Session, source: GraphSource, weights: ReadonlyMap<string, Handle>, prompts: readonly (readonly number[])[], numbers: readonly number[], { perPrompt, tokens, ...options }: SearchOptions): Promise<(readonly GeneratedSequence[])[]> {
  const searches = numbers.map((number) => options.begin(number));
  const rows = openRows(session, source, weights, prompts, { perPrompt, tokens });
  try {
    const done = searches.map(() => false);
    const finish = (i: number): void => {
      if (!done[i]) options.onDone?.(numbers[i], searches[i].results());
      done[i] = true;
    };
    let logits: readonly Float32Array[] | null = await rows.start();
    let last: readonly Continuation[] = [];
    while (logits && !options.signal?.aborted) {
      const read: readonly Float32Array[] = logits;
      const next: Continuation[] = searches.flatMap((search, i) => {
        const from = i * perPrompt;
        const go = done[i] ? null : search.step(read.slice(from, from + perPrompt));
        if (go === null) finish(i);
        // A prompt that is done goes on unread beside the others.
        return go?.map(({ row, id }) => ({ row: from + row, id })) ?? Array.from({ length: perPrompt }, (_, k) => ({ row: from + k, id: last[from + k]?.id ?? 0 }));
      });
      if (done.every((one) => one)) break;
      last = next;
      // Lets a signal through.
      await new Promise((resolve) => setImmediate(resolve));
      logits = await rows.extend(next);
    }
    searches.forEach((_, i) => finish(i));
    return searches.map((search) => search.results());
  } finally {
    rows.dispose();
  }
}

export interface GeneratedText extends GeneratedSequence { readonly text: string | null }

export interface TextOptions extends Omit<GenerateOptions, "onToken" | "onDone"> {
  /** Pieces of a prompt's first text, never half a character: as they come, or, where a decoding takes ids back, at its end. */
  readonly onText?: (prompt: number, text: string) => void;
  readonly onDone?: (prompt: number, sequences: readonly GeneratedText[]) => void;
}

/** The texts of each prompt, best first; `ids` are the prompts as the model reads them. Without a tokenizer there is no text. */
export async function generateTexts(session: Session, source: GraphSource, weights: ReadonlyMap<string, Handle>, ids: readonly (readonly number[])[], tokenizer: Tokenizer | null, { onText, onDone, ...options }: TextOptions): Promise<GeneratedText[][]> {
  const streams = ids.map(() => tokenizer?.decodeStream());
  const streamed = ids.map(() => false);
  const say = (prompt: number, text: string | undefined): void => {
    if (text) onText?.(prompt, text);
  };
  const withText = (sequences: readonly GeneratedSequence[]): GeneratedText[] => sequences.map((one) => ({ ...one, text: tokenizer ? tokenizer.decode(one.ids) : null }));
  const made = await generate(session, source, weights, ids, {
    ...options,
    ...(onText ? { onToken: (prompt: number, id: number) => {
      streamed[prompt] = true;
      say(prompt, streams[prompt]?.push(id));
    } } : {}),
    onDone: (prompt, sequences) => {
      const texts = withText(sequences);
      say(prompt, streamed[prompt] ? streams[prompt]?.end() : texts[0]?.text ?? undefined);
      onDone?.(prompt, texts);
    },
  });
  return made.map(withText);
}
