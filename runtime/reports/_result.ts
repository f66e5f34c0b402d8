// The form of an ablation's `result.json`, and reading it.

import { Ajv } from "ajv";
import { damagedResult } from "../../grammar/diagnostics/PT8045-damaged-result.ts";
import { fileError } from "../files/user-error.ts";

export interface AblationResult {
  readonly name: string;
  /** The spec's file as it was named, its whole text, and the hash of what the ablation means. */
  readonly file: string;
  readonly spec: string;
  readonly hash: string;
  readonly machine: Machine;
  readonly started: string | null;
  readonly seconds: number;
  readonly seeds: readonly number[];
  /** As declared; the title is the varied path, or several. */
  readonly axes: readonly { readonly title: string; readonly rows: readonly string[] }[];
  readonly measures: readonly Measure[];
  /** The grid in order, the baseline first. */
  readonly rows: readonly AblationRow[];
  /** A table of others: the first column holds labels, the others measures. */
  readonly published: Published | null;
  /** What a power law is fitted over: `parameters`, `tokens`, `flops`. */
  readonly fit: { readonly over: readonly string[] } | null;
  readonly asserts: readonly { readonly text: string; readonly holds: boolean; readonly detail: string }[];
}

export interface Machine { readonly cpu: string; readonly cores: number; readonly backend: string; readonly version: string }
export interface Measure { readonly name: string; readonly metric: string; readonly higher_is_better: boolean }
export interface Published { readonly file: string; readonly columns: readonly string[]; readonly rows: readonly { readonly label: string; readonly values: readonly (number | null)[] }[] }

export interface AblationRow {
  readonly label: string;
  /** One for each axis; none for the baseline. */
  readonly values: readonly string[];
  readonly baseline: boolean;
  /** The resolved text of its run. */
  readonly spec: string;
  readonly changes: readonly { readonly path: string; readonly from: string; readonly to: string }[];
  readonly parameters: number;
  readonly flops: number | null;
  readonly tokens: number | null;
  readonly memory: number | null;
  readonly model: string;
  readonly masks: readonly { readonly title: string; readonly expression: string }[];
  readonly jobs: readonly AblationJob[];
  readonly results: { readonly [measure: string]: readonly { readonly seed: number; readonly value: number }[] };
}

export interface AblationJob {
  readonly seed: number;
  readonly run: string;
  readonly kind: "pretrain" | "finetune" | "evaluate";
  readonly hash: string;
  readonly folder: string;
  /** Another row or job needs the same run: it is trained once. */
  readonly shared: boolean;
  readonly status: "done" | "failed" | "waiting";
  readonly why: string | null;
  readonly seconds: number | null;
  readonly metrics: { readonly [metric: string]: number };
}

/** Throws UserError (PT8045) for a text that is no such result. */
export function parseResult(text: string, file: string): AblationResult {
  const refuse = (reason: string): never => {
    throw fileError(damagedResult, file, { file, reason });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("it is not JSON; it may have been cut off");
  }
  const validate = new Ajv().compile<AblationResult>(schema);
  if (validate(value)) return value;
  const [{ instancePath, message }] = validate.errors!;
  return refuse(`${instancePath.slice(1).replaceAll("/", ".") || "the whole"} ${message}`);
}

type Schema = { readonly [key: string]: unknown };

const [string, boolean, number]: readonly Schema[] = [{ type: "string" }, { type: "boolean" }, { type: "number" }];
const nullable = (schema: Schema): Schema => ({ anyOf: [{ type: "null" }, schema] });
const list = (items: Schema): Schema => ({ type: "array", items });
const map = (additionalProperties: Schema): Schema => ({ type: "object", additionalProperties });
/** Further fields may be there: a newer version may say more. */
const record = (properties: { readonly [name: string]: Schema }): Schema => ({ type: "object", properties, required: Object.keys(properties) });

/** JSON writes what is no number (a loss that diverged) as null; statistics leave it out. */
const measured = nullable(number);

const schema: Schema = record({
  name: string, file: string, spec: string, hash: string,
  machine: record({ cpu: string, cores: number, backend: string, version: string }),
  started: nullable(string), seconds: number, seeds: list(number),
  axes: list(record({ title: string, rows: list(string) })),
  measures: list(record({ name: string, metric: string, higher_is_better: boolean })),
  rows: list(record({
    label: string, values: list(string), baseline: boolean, spec: string,
    changes: list(record({ path: string, from: string, to: string })),
    parameters: number, flops: nullable(number), tokens: nullable(number), memory: nullable(number),
    model: string, masks: list(record({ title: string, expression: string })),
    jobs: list(record({
      seed: number, run: string, kind: { enum: ["pretrain", "finetune", "evaluate"] }, hash: string, folder: string, shared: boolean,
      status: { enum: ["done", "failed", "waiting"] }, why: nullable(string), seconds: nullable(number), metrics: map(measured),
    })),
    results: map(list(record({ seed: number, value: measured }))),
  })),
  published: nullable(record({ file: string, columns: list(string), rows: list(record({ label: string, values: list(nullable(number)) })) })),
  fit: nullable(record({ over: list(string) })),
  asserts: list(record({ text: string, holds: boolean, detail: string })),
});
