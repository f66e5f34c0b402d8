// Texts side by side in one pair of graphs: `prefill` reads the prompts, `decode` adds a token to each, caches follow the rows that go on.
//
// Slots are the rows of the caches, the same for all texts: prompts of different lengths end at the same slot, so that padding stands before
// the shorter ones (to their left); positions count from a text's first real token. What an encoder reads is padded to its right.

import type { Graph } from "../../compiler/graph/node.ts";
import { selectGraph } from "../../compiler/graphs.ts";
import type { Feed, Handle, Program, Session } from "../session.ts";
import type { Continuation } from "./decodings/define.ts";
import { encoderFeeds, promptFeeds, stepFeeds } from "./feeds.ts";
import { stacksOf, type GraphSource, type StackInputs } from "./source.ts";

export interface RowSizes {
  /** Texts from each prompt. */
  readonly perPrompt: number;
  /** New ids that are wanted. */
  readonly tokens: number;
}

export interface Rows {
  /** Reads the prompts: logits [V] for each row, the same for all rows of a prompt. */
  start(): Promise<Float32Array[]>;
  /** Adds an id to each row's text; null where there is no place for it. */
  extend(next: readonly Continuation[]): Promise<Float32Array[] | null>;
  dispose(): void;
}

interface Opened { readonly prefill: Program; readonly decode: Program; readonly select: (from: number) => Program; readonly decoder: StackInputs; readonly encoder: StackInputs | null; readonly cache: number }

/** `prompts`: at least one id each. The weights stay the caller's. */
export function openRows(session: Session, source: GraphSource, weights: ReadonlyMap<string, Handle>, prompts: readonly (readonly number[])[], { perPrompt, tokens }: RowSizes): Rows {
  const rows = prompts.length * perPrompt;
  const encodes = source.encoder !== null;
  if (encodes && source.start === null) throw new Error("a decoder beside an encoder needs an id to start with");
  const read = encodes ? prompts.map((prompt) => prompt.slice(0, source.encoder!)) : null;
  const longest = (texts: readonly (readonly number[])[]): number => texts.reduce((most, { length }) => Math.max(most, length), 0);

  /** All ids of each row's text in the decoder. */
  let texts: readonly (readonly number[])[] = prompts.flatMap((prompt) => Array.from({ length: perPrompt }, () => (encodes ? [source.start!] : prompt)));
  let opened: Opened;
  let kept = new Map<string, Handle>();
  /** Texts that the kept values are of. */
  let held = 0;
  /** Slots in use, those of the prompt, and padding before each row's text. */
  let used = 0;
  let prefix = 0;
  let before: readonly number[] = [];

  /** Taking rows from prompts and taking them from rows are two graphs. */
  const selectors = (decode: Graph): ((from: number) => Program) => {
    const programs = new Map<number, Program>();
    return (from) => {
      const known = programs.get(from) ?? session.program(selectGraph(decode, from));
      programs.set(from, known);
      return known;
    };
  };

  const open = (count: number, decoder: number): Opened => {
    const wanted = Math.min(source.window, decoder + tokens);
    const { prefill, decode } = source.graphs({ prompts: count, rows, decoder, encoder: read ? longest(read) : 0, cache: wanted });
    const shapes = Object.entries(decode.inputs).flatMap(([name, value]) => (name.startsWith("cache:") ? [decode.values[value].shape] : []));
    if (shapes.some(([batch]) => batch !== rows)) throw new Error(`the graphs are for ${shapes[0][0]} texts, not for ${rows}`);
    return { prefill: session.program(prefill), decode: session.program(decode), select: selectors(decode), ...stacksOf(prefill), cache: shapes[0]?.[1] ?? wanted };
  };

  const take = async (results: Map<string, Handle>): Promise<Float32Array[]> => {
    const handle = results.get("logits")!;
    results.delete("logits");
    // A cache is replaced; what comes of the encoder stays.
    for (const [name, value] of results) {
      const old = kept.get(name);
      if (old) session.dispose(old);
      kept.set(name, value);
    }
    const [count, vocab] = handle.shape as [number, number];
    try {
      const logits = (await session.read(handle)) as Float32Array;
      return Array.from({ length: count }, (_, i) => logits.subarray(i * vocab, (i + 1) * vocab));
    } finally {
      session.dispose(handle);
    }
  };

  /** Reads texts anew: one of each prompt, or every row's. */
  const readAll = async (parts: readonly (readonly number[])[]): Promise<Float32Array[]> => {
    const length = longest(parts);
    opened = open(parts.length, length);
    session.dispose(kept.values());
    kept = new Map();
    [held, used, prefix, before] = [parts.length, length, length, parts.map((part) => length - part.length)];
    return take(opened.prefill.run(new Map<string, Feed>([...weights, ...encoderFeeds(opened.encoder, read, parts.length), ...promptFeeds(opened.prefill.graph, opened.decoder, parts)])));
  };

  /** The kept values of the rows that go on, in their order. */
  const select = (sources: readonly number[]): void => {
    if (held === rows && sources.every((row, i) => row === i)) return;
    const chosen = opened.select(held).run(new Map<string, Feed>([...kept, ["rows", Int32Array.from(sources)]]));
    session.dispose(kept.values());
    kept = chosen;
    before = sources.map((row) => before[row]);
    held = rows;
  };

  return {
    async start() {
      // What does not fit before the first new id is left out at the front.
      const parts = prompts.map((_, i) => texts[i * perPrompt].slice(-source.window));
      const logits = await readAll(parts);
      return logits.flatMap((row) => Array.from({ length: perPrompt }, () => row));
    },
    async extend(next) {
      texts = next.map(({ row, id }) => [...texts[row], id]);
      if (used >= opened.cache) {
        // Beside an encoder the decoder ends with its places; alone, a full window goes on with its later half.
        if (encodes || rows > source.most) return null;
        const half = Math.max(1, Math.floor(source.window / 2));
        return readAll(texts.map((text) => text.slice(-half)));
      }
      select(held === rows ? next.map(({ row }) => row) : next.map(({ row }) => Math.floor(row / perPrompt)));
      const logits = await take(opened.decode.run(new Map<string, Feed>([...weights, ...kept, ...encoderFeeds(opened.encoder, read, rows), ...stepFeeds(opened.decode.graph, opened.decoder, { ids: texts.map((text) => text[text.length - 1]), cache: opened.cache, used, prefix, before })])));
      used++;
      return logits;
    },
    dispose() {
      session.dispose(kept.values());
      kept = new Map();
    },
  };
}
