// Fields of a run as its spec holds them: how much a step takes, how long it trains, what is saved and sampled.

import { conflictingFields } from "../../../grammar/diagnostics/PT3015-conflicting-fields.ts";
import { fraction } from "../../../grammar/diagnostics/PT3012-fraction.ts";
import { smallBatch } from "../../../grammar/diagnostics/PT5007-small-batch.ts";
import { instancesOf, weightsOf, type Architecture, type Head } from "../../architecture.ts";
import type { Call, Plan, PlanTokenizer } from "../../plan/schema.ts";
import type { Context } from "./context.ts";
import { decodingOf } from "./decoding.ts";
import { plain, type Value, type Values } from "./values.ts";

/** Distinct scalars of the stacks and of these heads. */
export function countOf(architecture: Architecture, heads: readonly Head[]): number {
  let total = 0;
  for (const { spec } of weightsOf(instancesOf(architecture, heads))) if (!spec.buffer) total += spec.shape.reduce((product, n) => product * n, 1);
  return total;
}

export function batchOf(value: Value, length: number, context: Context): number | null {
  if (value.kind !== "number") return null;
  if (value.unit === "examples" && Number.isInteger(value.value)) return value.value;
  if (value.unit === "examples") {
    context.sink.report(fraction, value.origin.place!, { value: value.value, text: `${value.value} examples` });
    return null;
  }
  if (value.value % length === 0) return value.value / length;
  context.sink.report(smallBatch, value.origin.place!, { tokens: value.value, length });
  return null;
}

/** Steps round up, so that at least what was asked for is trained on; epochs need the data's size and are left to the runtime. */
export function horizonOf(value: Value, batch: number, length: number, parameters: number): Plan["horizon"] {
  if (value.kind !== "number") throw new Error("`train` is a quantity");
  const perStep = batch * length;
  const inTokens = (tokens: number) => ({ steps: Math.ceil(tokens / perStep), epochs: null, tokens });
  switch (value.unit) {
    case "steps":
      return { steps: Math.ceil(value.value), epochs: null, tokens: Math.ceil(value.value) * perStep };
    case "tokens":
      return inTokens(value.value);
    case "tokens_per_parameter":
      return inTokens(value.value * parameters);
    case "examples":
      return { steps: Math.ceil(value.value / batch), epochs: null, tokens: Math.ceil(value.value / batch) * perStep };
    default:
      return { steps: null, epochs: value.value, tokens: null };
  }
}

export function fieldsOf(value: Value | undefined): Values | null {
  return value?.kind === "section" ? value.fields : null;
}

export const numberOr = <T>(value: Value | undefined, otherwise: T): number | T => (value?.kind === "number" ? value.value : otherwise);

export function checkpointsOf(value: Value | undefined): Plan["checkpoints"] {
  const fields = fieldsOf(value) ?? {};
  const every = fields.every?.kind === "number" ? { value: fields.every.value, unit: fields.every.unit ?? "steps" } : null;
  return { every, keep: numberOr(fields.keep, 3) };
}

export function samplesOf(value: Value | undefined, { tokenizer, name }: { readonly tokenizer: PlanTokenizer; readonly name: string }, context: Context): Plan["samples"] {
  const { sink } = context;
  const fields = fieldsOf(value);
  if (!fields) return null;
  const filters = ["temperature", "top_k", "top_p"];
  const given = filters.filter((name) => fields[name] !== undefined);
  const place = fields.decode?.origin.place;
  if (place && given.length) sink.report(conflictingFields, place, { group: ["decode", ...filters], given: ["decode", ...given], where: "`sample`" });
  // Without `decode` the fields are the arguments of the word `sample`.
  const decode: Call = fields.decode?.kind === "call"
    ? decodingOf(fields.decode, { tokenizer, name, why: "ends the samples", place: place! }, context)
    : { word: "sample", arguments: Object.fromEntries(given.map((field) => [field, plain(fields[field])])) };
  return { every: numberOr(fields.every, 1), prompt: fields.prompt?.kind === "text" ? fields.prompt.value : "", tokens: numberOr(fields.tokens, 60), decode };
}
