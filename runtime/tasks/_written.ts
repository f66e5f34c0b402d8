// Texts that are read and written: prompts filled from a row, cut to what fits without losing the words around its columns.

import { fillTemplate, readTemplate } from "../../compiler/template.ts";
import { columnText } from "../data/prompts.ts";
import type { TaskExample, TaskShape, TaskValues } from "./define.ts";

/** Ids of a text that fits, of how many, and how many of them were left out. */
export interface Fitted { readonly ids: readonly number[]; readonly tokens: number; readonly cut: number }

/** A filled template as at most `room` ids. What is too long loses the ends of the columns' texts, of the longest one first; the words around them stay. */
export function fitTemplate(template: string, row: TaskValues, room: number, { tokenizer, columns }: Pick<TaskShape, "tokenizer" | "columns">): Fitted {
  const parts = readTemplate(template);
  const fill = (column: string): string => columnText(columns[column], row[column][0]);
  const text = fillTemplate(parts, fill);
  const ids = Array.from(tokenizer.encode(text, { special: true }));
  if (ids.length <= room) return { ids, tokens: ids.length, cut: 0 };
  const { ids: all, offsets } = tokenizer.encodeFull(text, undefined, { addSpecialTokens: false });
  const holes: number[][] = [];
  let at = 0;
  for (const part of parts) {
    const end = at + [..."hole" in part ? fill(part.hole) : part.text].length;
    const from = at;
    if ("hole" in part) holes.push(all.flatMap((_, i) => (offsets[i][0] >= from && offsets[i][1] <= end ? [i] : [])));
    at = end;
  }
  const dropped = new Set<number>();
  for (let over = all.length - room; over > 0; over--) {
    const longest = holes.reduce((one, other) => (other.length > one.length ? other : one), [] as number[]);
    if (!longest.length) break;
    dropped.add(longest.pop()!);
  }
  const kept = all.filter((_, i) => !dropped.has(i)).slice(0, room);
  return { ids: kept, tokens: all.length, cut: all.length - kept.length };
}

export function fitText(text: string, room: number, { tokenizer }: Pick<TaskShape, "tokenizer">): Fitted {
  const ids = Array.from(tokenizer.encode(text, { special: true }));
  return { ids: ids.slice(0, room), tokens: ids.length, cut: Math.max(0, ids.length - room) };
}

/** Inputs and what is written for them, as one sequence or as those of an encoder and a decoder. */
export function writtenExample(inputs: Fitted, targets: Fitted, { frame, together }: Pick<TaskShape, "frame" | "together">): TaskExample {
  const read = [...frame.before, ...inputs.ids, ...frame.after];
  const written = [...targets.ids, ...frame.close];
  const sizes = { segments: [], starts: [frame.before.length], tokens: inputs.tokens + targets.tokens, cut: inputs.cut + targets.cut };
  const all = { places: written.map((_, i) => (together ? read.length + i : i)), values: written };
  // The first token of all has nothing before it that could predict it.
  const learned = together && read.length === 0 ? { places: all.places.slice(1), values: all.values.slice(1) } : all;
  return together ? { ...sizes, inputs: [...read, ...written], prefix: read.length, targets: learned } : { ...sizes, inputs: read, sequence: written, targets: all };
}
