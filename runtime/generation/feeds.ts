// The inputs of the graphs that generate: B texts that end at the same slot, with padding before the shorter ones.

import type { Graph } from "../../compiler/graph/node.ts";
import type { Feed } from "../session.ts";
import type { StackInputs } from "./source.ts";

/** int32 [rows, length]. */
function table(rows: number, length: number, value: (row: number, at: number) => number): Int32Array {
  return Int32Array.from({ length: rows * length }, (_, i) => value(Math.floor(i / length), i % length));
}

/** Of these, those that the graph takes. */
function present({ inputs }: Graph, prefix: string, fields: Readonly<Record<string, Int32Array>>): [string, Feed][] {
  return Object.entries(fields).flatMap(([name, value]): [string, Feed][] => {
    const whole = name === "offset" ? name : prefix + name;
    return Object.hasOwn(inputs, whole) ? [[whole, value]] : [];
  });
}

/** What the encoder reads for each of so many rows, an equal number for each input, padded to the right. Every graph takes of these what it needs: `decode` only what is real. */
export function encoderFeeds(encoder: StackInputs | null, read: readonly (readonly number[])[] | null, rows: number): [string, Feed][] {
  if (!encoder || !read) return [];
  const { prefix, length } = encoder;
  const of = (row: number): readonly number[] => read[Math.floor((row * read.length) / rows)];
  const fields = {
    tokens: table(rows, length, (row, at) => of(row)[at] ?? 0),
    positions: table(rows, length, (_, at) => at),
    real: table(rows, length, (row, at) => Number(at < of(row).length)),
    segments: new Int32Array(rows * length),
  };
  return Object.entries(fields).map(([name, value]) => [prefix + name, value]);
}

/** `prefill` reads texts that end at the slot of the longest one's end; what follows in a longer graph is padding too. */
export function promptFeeds(graph: Graph, { prefix, length }: StackInputs, texts: readonly (readonly number[])[]): [string, Feed][] {
  const rows = texts.length;
  const end = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const place = (row: number, at: number): number => at - (end - texts[row].length);
  const same = (value: number): Int32Array => new Int32Array(rows).fill(value);
  return present(graph, prefix, {
    tokens: table(rows, length, (row, at) => texts[row][place(row, at)] ?? 0),
    positions: table(rows, length, (row, at) => Math.max(0, place(row, at))),
    real: table(rows, length, (row, at) => Number(at < end && place(row, at) >= 0)),
    segments: new Int32Array(rows * length),
    last: same(end - 1),
    prefix: same(end),
  });
}

export interface StepInputs {
  /** The newest id of each text. */
  readonly ids: readonly number[];
  /** Slots: of the caches, in use before this step, and of the prompts. */
  readonly cache: number;
  readonly used: number;
  readonly prefix: number;
  /** Padding before each text. */
  readonly before: readonly number[];
}

export function stepFeeds(graph: Graph, { prefix }: StackInputs, { ids, cache, used, prefix: seen, before }: StepInputs): [string, Feed][] {
  const rows = ids.length;
  return present(graph, prefix, {
    tokens: Int32Array.from(ids),
    positions: Int32Array.from(before, (padding) => used - padding),
    real: table(rows, cache, (row, at) => Number(at <= used && at >= before[row])),
    segments: new Int32Array(rows),
    offset: Int32Array.of(used),
    prefix: new Int32Array(rows).fill(seen),
  });
}
