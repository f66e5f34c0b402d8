// `inputs.json`: ids, mask and targets of one call, checked against the model before anything is computed.

import type { ApplyDefinition, ApplyField, Sizes } from "../../compiler/apply/define.ts";
import type { Architecture, Head } from "../../compiler/architecture.ts";
import { describeJson, isObject, type Json, type JsonObject } from "../../compiler/weights/json.ts";
import { wrongInputs } from "../../grammar/diagnostics/PT7214-wrong-inputs.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { existsSync } from "node:fs";
import { readWhole } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";

export interface AppliedInputs {
  readonly sizes: Sizes;
  readonly ids: Int32Array;
  /** 1 for what is real. */
  readonly real: Int32Array;
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

/** Checks inputs against a model and the way it is applied. Throws UserError (PT7214). */
export function checkInputs(given: JsonObject, file: string, architecture: Architecture, heads: readonly Head[], definition: ApplyDefinition): AppliedInputs {
  const refuse: Refuse = (field, reason, suggestion) => {
    throw fileError(wrongInputs, file, { file, field, reason, suggestion });
  };
  const known = ["input_ids", "attention_mask", ...Object.keys(definition.targets)];
  for (const [field, value] of Object.entries(given)) {
    if (!known.includes(field) && value !== null) refuse(field, `is not an input of ${architecture.name} for \`${definition.word}\``, didYouMean(field, known) ?? `it takes ${known.join(", ")}`);
  }
  const [B, T] = idSizes(given.input_ids, refuse);
  const { stack, width: V } = heads[0];
  const context = contextOf(architecture);
  if (T > context) refuse("input_ids", `has rows of ${T} tokens; the model has positions for ${context}`);
  const sizes: Sizes = { B, T, V };
  const rows: ApplyField = { axes: ["B", "T"], type: "id" };
  const ids = numbers("input_ids", given.input_ids, rows, stack.table?.vocab ?? Infinity, sizes, refuse) as Int32Array;
  const mask = given.attention_mask ?? null;
  const real = mask === null ? new Int32Array(B * T).fill(1) : (numbers("attention_mask", mask, rows, 2, sizes, refuse) as Int32Array);
  const targets = Object.entries(definition.targets).map(([field, form]): [string, Int32Array | Float32Array | undefined] => {
    const value = given[field] ?? null;
    return [field, value === null ? undefined : numbers(field, value, form, form.below ? sizes[form.below] : Infinity, sizes, refuse)];
  });
  return { sizes, ids, real, targets: Object.fromEntries(targets) };
}

function contextOf({ stacks }: Architecture): number {
  return Math.min(...stacks.flatMap((stack) => stack.embed.map(({ definition, args }) => definition.context?.(args) ?? Infinity)));
}

function idSizes(value: Json | undefined, refuse: Refuse): [B: number, T: number] {
  if (value === undefined || value === null) return refuse("input_ids", "is missing");
  const [first] = Array.isArray(value) ? value : [];
  if (!Array.isArray(first)) return refuse("input_ids", `is ${Array.isArray(value) ? "no list of rows" : describeJson(value)}; it is a list of rows of ids`);
  return first.length ? [(value as readonly Json[]).length, first.length] : refuse("input_ids", "has an empty row");
}

/** Nested lists of the field's sizes, flattened. */
function numbers(field: string, value: Json, { axes, type, ignored }: ApplyField, below: number, sizes: Sizes, refuse: Refuse): Int32Array | Float32Array {
  const shape = axes.map((axis) => sizes[axis]);
  const flat: number[] = [];
  const visit = (item: Json, depth: number, at: string): void => {
    if (depth < shape.length) {
      if (!Array.isArray(item)) return refuse(field, `${at}is ${describeJson(item)}, not a list`);
      if (item.length !== shape[depth]) return refuse(field, `${at}has ${item.length} ${depth ? "columns" : "rows"}, not ${shape[depth]}: its shape is [${shape.join(", ")}]`);
      item.forEach((inner, i) => visit(inner, depth + 1, `${at || "at "}[${i}] `));
      return;
    }
    const allowed = type === "float" ? typeof item === "number" : Number.isInteger(item) && ((item as number) === ignored || ((item as number) >= 0 && (item as number) < below));
    if (!allowed) refuse(field, `${at}is ${describeJson(item)}, not ${type === "float" ? "a number" : `a whole number${below < Infinity ? ` from 0 to ${below - 1}` : ""}${ignored === undefined ? "" : ` or ${ignored}`}`}`);
    flat.push(item as number);
  };
  visit(value, 0, "");
  return type === "float" ? Float32Array.from(flat) : Int32Array.from(flat);
}
