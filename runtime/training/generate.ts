// Generation with a key/value cache: `prefill` reads the prompt, `decode` adds one token at a time.

import type { Plan } from "../../compiler/plan/schema.ts";
import { randomStream } from "../../compiler/random.ts";
import type { Feed, Handle, Program, Session } from "../session.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import type { SamplingSettings } from "./sampling.ts";
import { chooseToken } from "./sampling.ts";

export interface GenerateOptions extends SamplingSettings {
  /** At most this many new ids. */
  readonly tokens: number;
  readonly seed: number;
  /** Which stream of the seed: the number of the prompt, or of the step that samples. */
  readonly index?: number;
  /** Ids that end the text; they are kept as the last id. */
  readonly stop?: readonly number[];
  /** Called with each new id as it comes. */
  readonly onToken?: (id: number) => void;
  readonly signal?: AbortSignal;
}

export interface Generator {
  /** New ids after a prompt of at least one id. The weights stay the caller's. */
  generate(weights: ReadonlyMap<string, Handle>, prompt: ArrayLike<number>, options: GenerateOptions): Promise<number[]>;
}

export function createGenerator(session: Session, { graphs }: Pick<Plan, "graphs">): Generator {
  if (!graphs.prefill || !graphs.decode) throw new Error("the plan has no graphs to generate with");
  const prefill = session.program(graphs.prefill);
  const decode = session.program(graphs.decode);
  const window = graphs.prefill.values[graphs.prefill.inputs.tokens].shape[1];

  return {
    async generate(weights, prompt, options) {
      if (prompt.length === 0) throw new Error("a prompt has at least one id");
      const random = randomStream(options.seed, "sample", options.index ?? 0);
      const ids = Array.from(prompt);
      const made: number[] = [];
      let cache = new Map<string, Handle>();
      /** How many ids the cache holds. */
      let used = 0;
      try {
        while (made.length < options.tokens && !options.signal?.aborted) {
          // A full window goes on with its later half.
          const full = used >= window;
          const run = used === 0 || full ? start(prefill, weights, ids.slice(full ? -Math.max(1, Math.floor(window / 2)) : -window), window) : next(decode, weights, ids.at(-1)!, used, window, cache);
          const results = run.results;
          session.dispose(cache.values());
          cache = new Map([...results].filter(([name]) => name.startsWith("cache:")));
          used = run.used;
          const logits = await session.read(results.get("logits")!);
          session.dispose(results.get("logits")!);
          const id = chooseToken(logits, options, random);
          ids.push(id);
          made.push(id);
          options.onToken?.(id);
          if (options.stop?.includes(id)) break;
          if (made.length % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        session.dispose(cache.values());
      }
      return made;
    },
  };
}

function start(program: Program, weights: ReadonlyMap<string, Handle>, ids: readonly number[], window: number): { results: Map<string, Handle>; used: number } {
  const row = (value: (at: number) => number): Int32Array => Int32Array.from({ length: window }, (_, at) => value(at));
  const feeds = new Map<string, Feed>(weights);
  feeds.set("tokens", row((at) => ids[at] ?? 0));
  feeds.set("positions", row((at) => at));
  feeds.set("real", row((at) => (at < ids.length ? 1 : 0)));
  feeds.set("last", Int32Array.of(ids.length - 1));
  return { results: program.run(feeds), used: ids.length };
}

function next(program: Program, weights: ReadonlyMap<string, Handle>, id: number, used: number, window: number, cache: ReadonlyMap<string, Handle>): { results: Map<string, Handle>; used: number } {
  const feeds = new Map<string, Feed>([...weights, ...cache]);
  feeds.set("tokens", Int32Array.of(id));
  feeds.set("positions", Int32Array.of(used));
  feeds.set("real", Int32Array.from({ length: window }, (_, at) => (at <= used ? 1 : 0)));
  feeds.set("offset", Int32Array.of(used));
  return { results: program.run(feeds), used: used + 1 };
}

export interface GeneratedText { readonly ids: number[]; readonly text: string | null }

/**
 * Continues several prompts, each with a stream of its own; `<bos>` goes before a text where the tokenizer has it, `<eos>` ends it.
 * Without a tokenizer prompts are ids. `onText` gets pieces of text as they come, never half a character.
 */
export async function generateTexts(
  session: Session,
  plan: Pick<Plan, "graphs">,
  weights: ReadonlyMap<string, Handle>,
  prompts: readonly (string | readonly number[])[],
  tokenizer: Tokenizer | null,
  options: Omit<GenerateOptions, "onToken"> & { readonly onText?: (prompt: number, text: string) => void },
): Promise<GeneratedText[]> {
  const generator = createGenerator(session, plan);
  const eos = tokenizer?.special("eos") ?? null;
  const texts: GeneratedText[] = [];
  for (const [number, prompt] of prompts.entries()) {
    const stream = tokenizer?.decodeStream();
    const say = (text: string | undefined): void => {
      if (text) options.onText?.(number, text);
    };
    const ids = await generator.generate(weights, promptIds(prompt, tokenizer), {
      ...options,
      index: (options.index ?? 0) + number,
      stop: options.stop ?? (eos === null ? [] : [eos]),
      onToken: (id) => say(stream?.push(id)),
    });
    say(stream?.end());
    texts.push({ ids, text: tokenizer ? tokenizer.decode(ids) : null });
  }
  return texts;
}

/** Ids of a prompt, never none: an empty text starts from `<bos>`, else `<eos>`, else id 0. */
export function promptIds(prompt: string | readonly number[], tokenizer: Tokenizer | null): number[] {
  if (typeof prompt !== "string") return [...prompt];
  if (!tokenizer) throw new Error("a text as prompt needs a tokenizer");
  const bos = tokenizer.special("bos");
  const ids = [...(bos === null ? [] : [bos]), ...tokenizer.encode(prompt, { special: true })];
  return ids.length > 0 ? ids : [tokenizer.special("eos") ?? 0];
}
