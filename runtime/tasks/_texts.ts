// Texts as the inputs of an example: `<cls> first <sep> second <sep>`, cut to what fits. An image is written into the batch as it is.

import type { ColumnValue } from "../columns/define.ts";
import type { TaskExample, TaskShape } from "./define.ts";

/** Ids of a text, of words, or of ids. */
export function idsOf(value: ColumnValue, { tokenizer }: Pick<TaskShape, "tokenizer">): number[] {
  if (typeof value === "string") return Array.from(tokenizer.encode(value));
  const list = value as readonly (string | number)[];
  if (typeof list[0] === "number") return Array.from(tokenizer.encode(list.join(" ")));
  return Array.from(tokenizer.encodeWords(list as readonly string[]).ids);
}

/** Takes tokens from the end of whichever text is longer at the moment, until all fit. */
export function truncated(all: readonly (readonly number[])[], room: number): number[][] {
  const lengths = all.map((ids) => ids.length);
  for (let over = lengths.reduce((sum, length) => sum + length, 0) - room; over > 0; over--) lengths[lengths.lastIndexOf(Math.max(...lengths))]--;
  return all.map((ids, i) => ids.slice(0, lengths[i]));
}

/** Texts that fit, framed; without targets. */
export function framed(all: readonly (readonly number[])[], { frame }: Pick<TaskShape, "frame">): Pick<TaskExample, "inputs" | "segments" | "starts"> {
  const inputs = [...frame.before];
  const starts: number[] = [];
  all.forEach((ids, i) => {
    if (i > 0) inputs.push(...frame.between);
    starts.push(inputs.length);
    for (const id of ids) inputs.push(id);
  });
  inputs.push(...frame.after);
  const second = starts[1] ?? Infinity;
  return { inputs, segments: inputs.map((_, place) => (place >= second ? 1 : 0)), starts };
}

/** One example of all texts of a row, or of its image, with one target of the whole. */
export function wholeExample(values: readonly ColumnValue[], target: number, shape: TaskShape): TaskExample {
  const targets = { places: [0], values: [target] };
  if (shape.image) return { inputs: [], segments: [], starts: [], targets, tokens: 0, cut: 0 };
  const all = values.map((value) => idsOf(value, shape));
  const kept = truncated(all, shape.room);
  const count = (lists: readonly (readonly number[])[]): number => lists.reduce((sum, ids) => sum + ids.length, 0);
  return { ...framed(kept, shape), targets, tokens: count(all), cut: count(all) - count(kept) };
}
