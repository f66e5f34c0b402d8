// `inputs.json`: ids, masks, pixels and targets of one call, checked against the model before anything is computed.

import type { ApplyDefinition, ApplyField, Sizes } from "../../compiler/apply/define.ts";
import { readsEncoder, usesLayer, type Architecture, type Head, type Stack } from "../../compiler/architecture.ts";
import { channelsOf, contextOf, imageOf, stackSize } from "../../compiler/sizes.ts";
import { describeJson, isObject, type Json, type JsonObject } from "../../compiler/weights/json.ts";
import { wrongInputs } from "../../grammar/diagnostics/PT7214-wrong-inputs.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { existsSync } from "node:fs";
import { readWhole } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";

/** What one stack reads: ids and what is real, or an image; row-major. */
export interface StreamInputs {
  readonly length: number;
  readonly tokens?: Int32Array;
  /** 1 for what is real. */
  readonly real?: Int32Array;
  readonly segments?: Int32Array;
  readonly pixels?: Float32Array;
  readonly image?: { readonly height: number; readonly width: number };
}

export interface AppliedInputs {
  readonly sizes: Sizes;
  readonly streams: ReadonlyMap<Stack, StreamInputs>;
  /** The targets that were given; without all of them there is no loss. */
  readonly targets: { readonly [field: string]: Int32Array | Float32Array | undefined };
}

type Refuse = (field: string | null, reason: string, suggestion?: string) => never;

/** The JSON object of a file. Throws UserError (PT7214). */
export async function readInputs(path: string, name: string): Promise<JsonObject> {
  if (!existsSync(path)) throw fileError(missingFile, name, { file: name });
  const text = await readWhole({ path, name });
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw fileError(wrongInputs, name, { file: name, field: null, reason: `it is not JSON (${(error as Error).message})` });
  }
  if (isObject(value)) return value;
  throw fileError(wrongInputs, name, { file: name, field: null, reason: "it is not a JSON object" });
}

/** Of a model with placeholders every text begins with them: the outputs are those of the ids that were given. Throws UserError (PT7214). */
export function checkPlaceholders({ input_ids: rows }: JsonObject, file: string, placeholders: readonly number[]): void {
  const begins = (row: Json): boolean => Array.isArray(row) && placeholders.every((id, i) => row[i] === id);
  if (placeholders.length === 0 || !Array.isArray(rows) || rows.every(begins)) return;
  throw fileError(wrongInputs, file, { file, field: "input_ids", reason: `has rows that do not begin with what \`adapt: prompt\` learned in the place of: [${placeholders.join(", ")}]` });
}

/** Checks inputs against a model and the way it is applied. `padding` is the id that fills up rows. Throws UserError (PT7214). */
export function checkInputs(given: JsonObject, file: string, architecture: Architecture, heads: readonly Head[], definition: ApplyDefinition, padding: number | null = null): AppliedInputs {
  const refuse: Refuse = (field, reason, suggestion) => {
    throw fileError(wrongInputs, file, { file, field, reason, suggestion });
  };
  const read = stacksRead(architecture, heads);
  const text = read.find((stack) => stack.reads === "tokens" && !readsEncoder(stack));
  const image = read.find((stack) => stack.reads === "pixels");
  const decoder = read.find(readsEncoder);
  const targetFields = definition.targets(heads);
  const known = [
    ...(text ? ["input_ids", "attention_mask"] : []), ...(text && usesLayer(text, "segments") ? ["token_type_ids"] : []), ...(image ? ["pixel_values"] : []),
    ...(decoder ? ["decoder_input_ids"] : []), ...Object.keys(targetFields),
  ];
  for (const [field, value] of Object.entries(given)) {
    if (!known.includes(field) && value !== null) refuse(field, `is not an input of ${architecture.name} for \`${definition.word}\``, didYouMean(field, known) ?? `it takes ${known.join(", ")}`);
  }
  const streams = new Map<Stack, StreamInputs>();
  let [B, T, L] = [0, 0, 0];
  if (text) {
    [B, T] = idSizes("input_ids", given.input_ids, refuse);
    streams.set(text, textStream(text, given, [B, T], refuse));
  }
  if (image) {
    const stream = imageStream(image, given.pixel_values, text ? B : null, refuse);
    streams.set(image, stream.inputs);
    B = stream.batch;
    T ||= stream.inputs.length;
  }
  if (decoder) {
    const field = (given.decoder_input_ids ?? null) !== null ? "decoder_input_ids" : "labels";
    const [rows, columns] = idSizes(field, given[field], refuse, "`decoder_input_ids` or `labels`");
    if (rows !== B) refuse(field, `has ${rows} rows, \`input_ids\` has ${B}`);
    L = columns;
    streams.set(decoder, decoderStream(decoder, field, given[field]!, [B, L], padding, refuse));
  }
  const sizes: Sizes = { B, T, L, V: heads[0].width };
  const targets = Object.entries(targetFields).map(([field, form]): [string, Int32Array | Float32Array | undefined] => {
    const value = given[field] ?? null;
    return [field, value === null ? undefined : numbers(field, value, form, sizes, refuse)];
  });
  return { sizes, streams, targets: Object.fromEntries(targets) };
}

/** The stacks that these heads read, and those that they read in turn. */
export function stacksRead({ stacks }: Architecture, heads: readonly Head[]): Stack[] {
  const wanted = new Set(heads.flatMap((head) => (head.branches.length ? head.branches.map(({ stack }) => stack) : [head.stack])));
  if ([...wanted].some(readsEncoder)) for (const stack of stacks) if (stack.word === "encoder") wanted.add(stack);
  return stacks.filter((stack) => wanted.has(stack));
}

function textStream(stack: Stack, given: JsonObject, [B, T]: readonly [number, number], refuse: Refuse): StreamInputs {
  const context = contextOf(stack);
  if (T > context) refuse("input_ids", `has rows of ${T} tokens; the model has positions for ${context}`);
  const sizes = { B, T, L: 0, V: 0 };
  const ids = (field: string, below: number): Int32Array => numbers(field, given[field]!, { axes: ["B", "T"], type: "id" }, sizes, refuse, below) as Int32Array;
  const types = typesOf(stack);
  const has = (field: string): boolean => (given[field] ?? null) !== null;
  return {
    length: T,
    tokens: ids("input_ids", stack.table?.vocab ?? Infinity),
    real: has("attention_mask") ? ids("attention_mask", 2) : new Int32Array(B * T).fill(1),
    ...(types === null ? {} : { segments: has("token_type_ids") ? ids("token_type_ids", types) : new Int32Array(B * T) }),
  };
}

function typesOf(stack: Stack): number | null {
  const segments = stack.embed.find(({ definition }) => definition.word === "segments");
  return segments ? (segments.args.types as number) : null;
}

/** The targets shifted, after `start`; -100 becomes padding. Or the ids themselves. */
function decoderStream(stack: Stack, field: string, value: Json, [B, L]: readonly [number, number], padding: number | null, refuse: Refuse): StreamInputs {
  const context = contextOf(stack);
  if (L > context) refuse(field, `has rows of ${L} tokens; the decoder has positions for ${context}`);
  const ids = numbers(field, value, { axes: ["B", "L"], type: "id", ...(field === "labels" ? { ignored: -100 as const } : {}) }, { B, T: 0, L, V: 0 }, refuse, stack.table?.vocab ?? Infinity) as Int32Array;
  if (field === "decoder_input_ids") return { length: L, tokens: ids };
  const start = typeof stack.start === "number" ? stack.start : (padding ?? 0);
  return { length: L, tokens: Int32Array.from(ids, (_, i) => (i % L === 0 ? start : ids[i - 1] === -100 ? (padding ?? 0) : ids[i - 1])) };
}

function imageStream(stack: Stack, value: Json | undefined, rows: number | null, refuse: Refuse): { inputs: StreamInputs; batch: number } {
  const channels = channelsOf(stack);
  const [batch, C, height, width] = nestedSizes(value);
  const { height: tall, width: wide } = imageOf(stack);
  if (width === undefined) refuse("pixel_values", value === undefined || value === null ? "is missing" : "is no list of images of [channels][rows][columns]");
  if (C !== channels) refuse("pixel_values", `has ${C} channels; the model has ${channels}`);
  if (rows !== null && rows !== batch) refuse("pixel_values", `has ${batch} images, \`input_ids\` has ${rows} rows`);
  const { length } = stackSize(stack, 0, { height, width });
  if (length > contextOf(stack)) refuse("pixel_values", `has images of ${width} by ${height} pixels, which make ${length} positions; the model has ${contextOf(stack)} (${wide} by ${tall} pixels)`);
  const pixels: number[] = [];
  const visit = (item: Json, sizes: readonly number[], at: string): void => {
    if (!sizes.length) {
      if (typeof item !== "number") refuse("pixel_values", `${at} is ${describeJson(item)}, not a number`);
      pixels.push(item as number);
      return;
    }
    if (!Array.isArray(item) || item.length !== sizes[0]) refuse("pixel_values", `${at} is ${Array.isArray(item) ? `a list of ${item.length}` : describeJson(item)}, not a list of ${sizes[0]}`);
    (item as readonly Json[]).forEach((inner, i) => visit(inner, sizes.slice(1), `${at}[${i}]`));
  };
  visit(value!, [batch, C, height, width], "");
  return { inputs: { length, pixels: Float32Array.from(pixels), image: { height, width } }, batch };
}

function nestedSizes(value: Json | undefined): number[] {
  const sizes: number[] = [];
  for (let item: Json | undefined = value; Array.isArray(item) && item.length; item = item[0] as Json) sizes.push(item.length);
  return sizes.length === 4 ? sizes : [];
}

function idSizes(field: string, value: Json | undefined, refuse: Refuse, wanted?: string): [B: number, T: number] {
  if (value === undefined || value === null) return refuse(field, wanted ? `or other inputs of the decoder are missing: give ${wanted}` : "is missing");
  const [first] = Array.isArray(value) ? value : [];
  if (!Array.isArray(first)) return refuse(field, `is ${Array.isArray(value) ? "no list of rows" : describeJson(value)}; it is a list of rows of ids`);
  return first.length ? [(value as readonly Json[]).length, first.length] : refuse(field, "has an empty row");
}

/** Nested lists of the field's sizes, flattened. */
function numbers(field: string, value: Json, { axes, type, below: bound, ignored }: ApplyField, sizes: Sizes, refuse: Refuse, limit?: number): Int32Array | Float32Array {
  const below = limit ?? (typeof bound === "number" ? bound : bound ? sizes[bound] : Infinity);
  const shape = axes.map((axis) => sizes[axis]);
  const flat: number[] = [];
  const visit = (given: Json, depth: number, at: string): void => {
    const item = typeof given === "boolean" && !shape.length ? Number(given) : given;
    if (depth < shape.length) {
      if (!Array.isArray(item)) return refuse(field, `${at}is ${describeJson(item)}, not a list`);
      if (item.length !== shape[depth]) return refuse(field, `${at}has ${item.length} ${depth ? "columns" : "rows"}, not ${shape[depth]}: its shape is [${shape.join(", ")}]`);
      item.forEach((inner, i) => visit(inner, depth + 1, `${at || "at "}[${i}] `));
      return;
    }
    const allowed = type === "float" ? typeof item === "number" : Number.isInteger(item) && (type === "integer" || (item as number) === ignored || ((item as number) >= 0 && (item as number) < below));
    if (!allowed) refuse(field, `${at}is ${describeJson(item)}, not ${type === "float" ? "a number" : `a whole number${below < Infinity ? ` from 0 to ${below - 1}` : ""}${ignored === undefined ? "" : ` or ${ignored}`}`}`);
    flat.push(item as number);
  };
  visit(value, 0, "");
  return type === "float" ? Float32Array.from(flat) : Int32Array.from(flat);
}
