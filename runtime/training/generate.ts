// Generation with a key/value cache: `prefill` reads the prompt, `decode` adds one token at a time.

import type { Graph } from "../../compiler/graph/node.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { randomStream } from "../../compiler/random.ts";
import type { Feed, Handle, Session } from "../session.ts";
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
  /** An encoder reads the prompt. */
  readonly encodes: boolean;
  /**
   * New ids after a prompt of at least one id: what follows it in one stack, or, with an encoder, what the decoder makes of it.
   * The weights stay the caller's.
   */
  generate(weights: ReadonlyMap<string, Handle>, prompt: ArrayLike<number>, options: GenerateOptions): Promise<number[]>;
}

/** Graphs to generate with, and the id before a decoder's first where an encoder reads the prompt. */
export interface GenerationGraphs { readonly prefill: Graph; readonly decode: Graph; readonly start: number | null }

/** Those of a plan. Throws where it has none: the caller says so first. */
export function generationOf({ graphs, objective }: Pick<Plan, "graphs" | "objective">): GenerationGraphs {
  if (!graphs.prefill || !graphs.decode) throw new Error("the plan has no graphs to generate with");
  return { prefill: graphs.prefill, decode: graphs.decode, start: objective.streams.targets?.start ?? null };
}

export function createGenerator(session: Session, { prefill: prefillGraph, decode: decodeGraph, start }: GenerationGraphs): Generator {
  const prefill = session.program(prefillGraph);
  const decode = session.program(decodeGraph);
  const stacks = stacksOf(prefillGraph);

  return {
    encodes: stacks.encoder !== null,
    async generate(weights, prompt, options) {
      if (prompt.length === 0) throw new Error("a prompt has at least one id");
      if (stacks.encoder && start === null) throw new Error("a decoder beside an encoder needs an id to start with");
      const random = randomStream(options.seed, "sample", options.index ?? 0);
      const window = stacks.decoder.length;
      const read = stacks.encoder ? Array.from(prompt).slice(0, stacks.encoder.length) : null;
      const ids = read ? [start!] : Array.from(prompt);
      const made: number[] = [];
      let kept = new Map<string, Handle>();
      /** How many ids the cache holds, and of how many the prefix was. */
      let used = 0;
      let prefix = 0;
      try {
        while (made.length < options.tokens && !options.signal?.aborted) {
          const full = used >= window;
          // Beside an encoder the decoder ends with its places; alone, a full window goes on with its later half.
          if (full && read) break;
          let results: Map<string, Handle>;
          if (used === 0 || full) {
            const part = ids.slice(full ? -Math.max(1, Math.floor(window / 2)) : -window);
            prefix = part.length;
            results = prefill.run(new Map([...weights, ...encoderFeeds(stacks, read), ...windowFeeds(prefillGraph, stacks.decoder, part)]));
            used = part.length;
            session.dispose(kept.values());
            kept = new Map();
          } else {
            results = decode.run(new Map([...weights, ...kept, ...encoderFeeds(stacks, read), ...stepFeeds(decodeGraph, stacks.decoder, ids.at(-1)!, used, prefix)]));
            used++;
          }
          const logitsHandle = results.get("logits")!;
          results.delete("logits");
          // A cache is replaced; what comes of the encoder stays.
          for (const [name, handle] of results) {
            const before = kept.get(name);
            if (before) session.dispose(before);
            kept.set(name, handle);
          }
          const logits = await session.read(logitsHandle);
          session.dispose(logitsHandle);
          const id = chooseToken(logits, options, random);
          ids.push(id);
          made.push(id);
          options.onToken?.(id);
          if (options.stop?.includes(id)) break;
          if (made.length % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        session.dispose(kept.values());
      }
      return made;
    },
  };
}

interface StackInputs { readonly prefix: string; readonly length: number }
interface Stacks { readonly decoder: StackInputs; readonly encoder: StackInputs | null }

/** The stacks of a graph by the prefixes of its inputs: the decoder is the one whose last position is read. */
function stacksOf({ inputs, values }: Graph): Stacks {
  const stack = (name: string): StackInputs => ({ prefix: name.slice(0, -"tokens".length), length: values[inputs[name]].shape[1] });
  const all = Object.keys(inputs).filter((name) => (name === "tokens" || name.endsWith(".tokens")) && values[inputs[name]].dtype === "int32").map(stack);
  const decoder = all.find(({ prefix }) => Object.hasOwn(inputs, `${prefix}last`));
  if (!decoder) throw new Error("the graph reads no last position");
  return { decoder, encoder: all.find((one) => one !== decoder) ?? null };
}

const row = (length: number, value: (at: number) => number): Int32Array => Int32Array.from({ length }, (_, at) => value(at));

/** Of these, those that the graph takes. */
function present({ inputs }: Graph, prefix: string, fields: Readonly<Record<string, Int32Array>>): [string, Feed][] {
  return Object.entries(fields).flatMap(([name, value]): [string, Feed][] => {
    const whole = name === "offset" ? name : prefix + name;
    return Object.hasOwn(inputs, whole) ? [[whole, value]] : [];
  });
}

/** Every graph takes of these what it needs: `decode` only what is real. */
function encoderFeeds({ encoder }: Stacks, ids: readonly number[] | null): [string, Feed][] {
  if (!encoder || !ids) return [];
  const { prefix, length } = encoder;
  const fields = { tokens: row(length, (at) => ids[at] ?? 0), positions: row(length, (at) => at), real: row(length, (at) => (at < ids.length ? 1 : 0)), segments: new Int32Array(length) };
  return Object.entries(fields).map(([name, value]) => [prefix + name, value]);
}

function windowFeeds(graph: Graph, { prefix, length }: StackInputs, ids: readonly number[]): [string, Feed][] {
  return present(graph, prefix, {
    tokens: row(length, (at) => ids[at] ?? 0), positions: row(length, (at) => at), real: row(length, (at) => (at < ids.length ? 1 : 0)), segments: new Int32Array(length),
    last: Int32Array.of(ids.length - 1), prefix: Int32Array.of(ids.length),
  });
}

function stepFeeds(graph: Graph, { prefix, length }: StackInputs, id: number, used: number, seen: number): [string, Feed][] {
  return present(graph, prefix, {
    tokens: Int32Array.of(id), positions: Int32Array.of(used), real: row(length, (at) => (at <= used ? 1 : 0)), segments: new Int32Array(1), offset: Int32Array.of(used), prefix: Int32Array.of(seen),
  });
}

export interface GeneratedText { readonly ids: number[]; readonly text: string | null }

/**
 * Continues several prompts, each with a stream of its own; `<bos>` goes before a text where the tokenizer has it, `<eos>` ends it.
 * Without a tokenizer prompts are ids. `onText` gets pieces of text as they come, never half a character.
 */
export async function generateTexts(
  session: Session,
  graphs: GenerationGraphs,
  weights: ReadonlyMap<string, Handle>,
  prompts: readonly (string | readonly number[])[],
  tokenizer: Tokenizer | null,
  options: Omit<GenerateOptions, "onToken"> & { readonly onText?: (prompt: number, text: string) => void },
): Promise<GeneratedText[]> {
  const generator = createGenerator(session, graphs);
  const eos = tokenizer?.special("eos") ?? null;
  const texts: GeneratedText[] = [];
  for (const [number, prompt] of prompts.entries()) {
    const stream = tokenizer?.decodeStream();
    const say = (text: string | undefined): void => {
      if (text) options.onText?.(number, text);
    };
    const ids = await generator.generate(weights, promptIds(prompt, tokenizer, generator.encodes), {
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

/** Ids of a prompt, never none: an empty text starts from `<bos>`, else `<eos>`, else id 0. What an encoder reads ends with `<eos>`. */
export function promptIds(prompt: string | readonly number[], tokenizer: Tokenizer | null, encodes = false): number[] {
  if (typeof prompt !== "string") return [...prompt];
  if (!tokenizer) throw new Error("a text as prompt needs a tokenizer");
  const bos = tokenizer.special("bos");
  const eos = tokenizer.special("eos");
  const text = tokenizer.encode(prompt, { special: true });
  const ids = encodes ? [...text, ...(eos === null ? [] : [eos])] : [...(bos === null ? [] : [bos]), ...text];
  return ids.length > 0 ? ids : [eos ?? 0];
}
