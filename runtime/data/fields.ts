// A batch: fields by name, as the graphs of a plan take them. Each holds the same number of values for every example.

import { readsImages, type PlanObjective, type PlanStream } from "../../compiler/objectives/plan.ts";
import { imageFields } from "./images.ts";

export interface Field {
  readonly data: Int32Array | Float32Array;
  /** Values of one example. */
  readonly row: number;
  /** What stands where there is nothing. */
  readonly empty: number;
}

export interface Batch {
  readonly examples: number;
  /**
   * Of a stack: `tokens`, `positions`, `real`, and where they are used `documents` (−1: padding), `segments`, `prefix`, `last`; behind
   * the stack's prefix; of a stack of images `pixels`, `positions`, `last`. Of a preference an example has two rows of each, and `HEAD.pairs.weights`. Of a loss: `HEAD.targets`, `HEAD.weights` (0: counts nothing) and, where few positions count, `HEAD.places`.
   */
  readonly fields: ReadonlyMap<string, Field>;
  /** Targets that count, by head. */
  readonly counts: { readonly [head: string]: number };
  /** UTF-8 bytes that those targets stand for, by head. */
  readonly bytes: { readonly [head: string]: number };
}

/** Behind a head's name: what each pair of answers counts. */
export const pairWeights = ".pairs.weights";

export function isOfPairs(name: string): boolean {
  return name.endsWith(pairWeights);
}

/** Fields of `examples` examples, all padding. */
export function emptyFields(objective: PlanObjective, examples: number, pack: boolean, pad: number): Map<string, Field> {
  const fields = new Map<string, Field>();
  // Two answers of an example stand one below the other.
  const rows = objective.losses.some(({ kind }) => kind === "preference") ? 2 : 1;
  const integers = (name: string, size: number, empty = 0): void => {
    const row = rows * size;
    fields.set(name, { data: new Int32Array(examples * row).fill(empty), row, empty });
  };
  const stream = ({ prefix, length, segments }: PlanStream): void => {
    integers(`${prefix}tokens`, length, pad);
    integers(`${prefix}positions`, length);
    integers(`${prefix}real`, length);
    if (pack) integers(`${prefix}documents`, length, -1);
    if (segments) integers(`${prefix}segments`, length);
    if (objective.prefix) integers(`${prefix}prefix`, 1);
    integers(`${prefix}last`, 1);
  };
  const { inputs, targets, images } = objective.streams;
  if (!readsImages(objective.streams)) stream(inputs);
  if (targets) stream(targets);
  if (images) for (const [name, field] of imageFields(images, examples)) fields.set(name, field);
  for (const { head, kind, places } of objective.losses) {
    const isText = kind === "tokens" || kind === "preference";
    const row = isText || kind === "tags" ? (places ?? (targets ?? inputs).length) : kind === "span" ? 2 : 1;
    if (kind === "number") fields.set(`${head}.targets`, { data: new Float32Array(examples), row, empty: 0 });
    else integers(`${head}.targets`, row, isText ? pad : 0);
    fields.set(`${head}.weights`, { data: new Float32Array(examples * rows * row), row: rows * row, empty: 0 });
    if (kind === "preference") fields.set(`${head}${pairWeights}`, { data: new Float32Array(examples), row: 1, empty: 0 });
    if (isText && places !== null) integers(`${head}.places`, row);
  }
  return fields;
}

/** Part of a field: the values of one example. */
export function rowOf(batch: Batch, name: string, example: number): Int32Array | Float32Array | null {
  const field = batch.fields.get(name);
  return field ? field.data.subarray(example * field.row, (example + 1) * field.row) : null;
}
