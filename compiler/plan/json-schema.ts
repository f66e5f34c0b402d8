// The plan's JSON schema and its validator. Loaded only when a plan is read: building the validator takes longer than `pt check` may.

import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";

type Schema = { readonly [key: string]: unknown };

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const count: Schema = { type: "integer", minimum: 0 };
const number: Schema = { type: "number" };
const list = (items: Schema): Schema => ({ type: "array", items });
const map = (values: Schema): Schema => ({ type: "object", additionalProperties: values });
const nullable = (schema: Schema): Schema => ({ anyOf: [{ type: "null" }, schema] });
const words = (...all: string[]): Schema => ({ enum: all });
const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
/** All fields but the optional ones are required, and there are no others. */
const record = (properties: { readonly [name: string]: Schema }, optional: { readonly [name: string]: Schema } = {}): Schema => ({ type: "object", properties: { ...properties, ...optional }, required: Object.keys(properties), additionalProperties: false });

/** A checkpoint of another run. */
const start: { readonly [name: string]: Schema } = { run: text, hash: text, checkpoint: { anyOf: [words("last", "best"), count] } };
const stream: { readonly [name: string]: Schema } = { prefix: text, length: count, segments: flag, placeholders: list(count) };

const part: { readonly [name: string]: Schema } = { split: nullable(record({ by: words("document", "position"), parts: map(number) })), part: nullable(text) };

const definitions: { readonly [name: string]: Schema } = {
  shape: list(count),
  quantity: record({ value: number, unit: text }),
  // A call, a quantity, a plain value, or a list or section of them.
  resolved: { type: ["number", "string", "boolean", "null", "array", "object"] },
  call: record({ word: text, arguments: map(ref("resolved")) }),
  graph: record({
    values: list(record({ shape: ref("shape"), dtype: words("float32", "int32") })),
    nodes: list(record({ op: text, inputs: list(nullable(count)), attributes: { type: "object" }, outputs: list(count), scope: text })),
    inputs: map(count),
    outputs: map(count),
  }),
  source: { anyOf: [ref("files"), ref("synthetic"), record({ kind: words("mixture"), entries: list(record({ name: text, share: number, source: { anyOf: [ref("files"), ref("synthetic")] } })) })] },
  files: record({
    kind: words("files"),
    files: list(text),
    format: text,
    columns: map(record({ type: text, column: { anyOf: [text, count] }, labels: nullable(list(text)) }, { pattern: text, names: list(text), step: number, image: record({ stored: words("file", "base64"), fit: words("crop", "stretch"), resize: words("bilinear", "bicubic"), mean: list(number), std: list(number) }) })),
    text: nullable(text),
    clean: list(ref("call")),
    malformed: number,
    ...part,
  }),
  synthetic: record({ kind: words("synthetic"), generator: ref("call"), ...part }),
  parameter: record({
    name: text,
    shape: ref("shape"),
    initializer: record({ word: text, arguments: map(number) }),
    trainable: flag,
    decay: flag,
    shared_by: list(text),
  }, { buffer: { const: true } }),
  tokenizer: record({
    kind: nullable(ref("call")),
    file: nullable(text),
    trained_on: nullable(ref("source")),
    special: list(record({ name: text, text })),
    sentinels: count,
    vocab: count,
  }),
  lengths: record({ raw: count, inputs: count, targets: count }),
  entry: record({
    name: text,
    share: number,
    layout: words("next", "in_place", "one_sequence", "two_stacks", "towers"),
    frame: record({ before: list(text), between: list(text), after: list(text), close: list(text) }),
    pair: nullable(text),
    task: nullable(record({ call: ref("call"), examples: nullable(count) })),
    stages: list(record({ noise: ref("call"), input: list(record({ share: number, shows: text })) })),
    terms: list(record({ head: text, target: text, weight: number })),
    lengths: ref("lengths"),
  }),
  objective: record({
    text,
    entries: list(ref("entry")),
    losses: list(record({ head: text, weight: number, kind: words("tokens", "class", "contrastive", "number", "tags", "span", "preference"), places: nullable(count) })),
    lessons: list(record({ name: text, kind: words("distill", "match_hidden"), teacher: text, weight: number, temperature: nullable(number), head: nullable(text), stream: nullable(words("inputs", "targets")) })),
    streams: record({ inputs: record(stream), targets: nullable(record({ ...stream, start: count })), images: nullable(record({ prefix: text, channels: count, height: count, width: count, positions: count, column: text })) }),
    prefix: flag,
  }),
  evaluation: record({ every: nullable(number), data: ref("source"), metrics: list(ref("call")) }),
  samples: record({ every: number, prompt: text, tokens: count, decode: ref("call") }),
};

export const planSchema: Schema = {
  definitions,
  ...record({
    format: { const: 4 },
    hash: { type: "string", pattern: "^[0-9a-f]{64}$" },
    name: text,
    kind: words("pretrain", "finetune"),
    from: nullable(record({ ...start, imported: flag })),
    teachers: list(record({ name: text, ...start })),
    spec: text,
    parameters: list(ref("parameter")),
    adapt: nullable(ref("call")),
    graphs: record({ train: ref("graph"), statistics: nullable(ref("graph")), update: ref("graph"), evaluate: ref("graph"), prefill: nullable(ref("graph")), decode: nullable(ref("graph")) }),
    tokenizer: nullable(ref("tokenizer")),
    data: nullable(ref("source")),
    objective: ref("objective"),
    lengths: ref("lengths"),
    optimizer: ref("call"),
    schedule: ref("call"),
    precision: text,
    batch: record({ examples: count, micro: count, pack: flag }),
    horizon: record({ steps: nullable(number), epochs: nullable(number), tokens: nullable(number) }),
    evaluation: nullable(ref("evaluation")),
    checkpoints: record({ every: nullable(ref("quantity")), keep: count }),
    samples: nullable(ref("samples")),
    guard: words("stop", "skip", "rollback"),
    seeds: record({ run: count, data: count }),
    costs: record({
      parameters: record({ total: count, trainable: count }),
      flops: record({ forward_per_token: number, train_per_token: number, total: nullable(number) }),
      memory: record({ weights: number, optimizer: number, activations: number, peak: number }),
    }),
  }),
};

let validate: ValidateFunction | undefined;

/** The first thing that is wrong, as text with its path, or null. */
export function schemaProblem(plan: unknown): string | null {
  validate ??= new Ajv({ allowUnionTypes: true }).compile(planSchema);
  if (validate(plan)) return null;
  return describe((validate.errors as ErrorObject[])[0]);
}

function describe(error: ErrorObject): string {
  const where = error.instancePath ? `\`${error.instancePath.slice(1).replaceAll("/", ".")}\`` : "the plan";
  switch (error.keyword) {
    case "additionalProperties":
      return `${where} has an unknown field \`${error.params.additionalProperty}\``;
    case "required":
      return `${where} has no field \`${error.params.missingProperty}\``;
    case "const":
      return `${where} must be ${error.params.allowedValue}`;
    case "enum":
      return `${where} must be one of ${error.params.allowedValues.join(", ")}`;
    default:
      return `${where} ${error.message}`;
  }
}
