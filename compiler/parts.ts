// Declarations as trees of named values, each with its origin: what `pt explain` steps through and `pt diff` compares.

import type { BlockDefinition } from "../grammar/blocks/define.ts";
import { blocks } from "../grammar/blocks/index.ts";
import type { FieldType, Fields } from "../grammar/fields.ts";
import { units } from "../grammar/units.ts";
import type { CheckResult } from "./check.ts";
import type { Declared, Origin, Scope, Thunk } from "./phases/1-resolve/program.ts";
import { bindParameters, type Given } from "./phases/2-check/calls.ts";
import { injectedNumber, silent, type Context } from "./phases/2-check/context.ts";
import { entriesOf } from "./phases/2-check/data.ts";
import { evaluate } from "./phases/2-check/evaluate.ts";
import { checkFields } from "./phases/2-check/fields.ts";
import { tokenizerOf, whereOf } from "./phases/2-check/sources.ts";
import type { Value, Values } from "./phases/2-check/values.ts";

/** A declaration or a value, with the names below it. */
export interface Part {
  readonly value: Value | null;
  readonly declared: Declared | null;
  readonly origin: Origin | null;
  /** Scope in which the texts of its parts were evaluated. */
  readonly scope: Scope | null;
  readonly doc: string | null;
  /** Parts by name; made on demand. */
  readonly parts: () => ReadonlyMap<string, Part>;
}

const none = (): ReadonlyMap<string, Part> => new Map();

/** The declarations and `let`s of the checked file. Problems are not reported again. */
export function partsOfFile(result: CheckResult): ReadonlyMap<string, Part> {
  const context = silent(result.context);
  const found = new Map<string, Part>();
  for (const declared of result.scope.declarations) found.set(declared.name, partOfDeclaration(declared, result, context));
  for (const [name, bindings] of result.scope.bindings) {
    for (const binding of bindings) {
      if (found.has(name)) continue;
      if (binding.kind === "let") found.set(name, partOfThunk(binding.thunk, context));
      else if (binding.kind === "declaration") found.set(name, partOfDeclaration(binding.declared(), result, context));
    }
  }
  return found;
}

function partOfDeclaration(declared: Declared, result: CheckResult, context: Context): Part {
  return { value: null, declared, origin: { how: "written", place: declared.place }, scope: declared.scope, doc: declared.node.doc ?? null, parts: () => declarationParts(declared, {}, undefined, result, context) };
}

/** Its fields, or its parameters with the arguments of a call. */
function declarationParts(declared: Declared, given: Given, vocab: Thunk | undefined, result: CheckResult, context: Context): ReadonlyMap<string, Part> {
  const inner = innerScope(declared, given, vocab, context);
  const parts = parameterParts(declared, inner?.(declared.scope) ?? null, context);
  const block: BlockDefinition = blocks[declared.word as keyof typeof blocks];
  if (declared.value) return parts.set("value", partOfThunk(inner ? { ...declared.value, scope: inner(declared.value.scope) } : declared.value, context));
  const where = block.form === "model" ? null : whereOf(declared, given, context);
  if (!where) return parts;
  const run = block.run ? result.runs.get(declared.name) : undefined;
  const values: Values = checkFields(run ? run.fields : new Map([...declared.fields].filter(([name]) => !block.run || name !== "from")), block.fields, where, context, ["length"]);
  const tokenizer = values.tokenizer?.kind === "declaration" ? values.tokenizer.declared : null;
  const size = tokenizer && tokenizerOf(tokenizer, context)?.vocab;
  const vocabThunk = !tokenizer && run ? injectedNumber(run.tokenizer.vocab, declared.scope, { how: "tokenizer", place: run.values.data.origin.place ?? declared.place, note: "the number of ids of the data" }) : tokenizer && size ? injectedNumber(size, declared.scope, { how: "tokenizer", place: tokenizer.place, note: `the size of \`${tokenizer.name}\`` }) : undefined;
  for (const [name, value] of Object.entries(values)) parts.set(name, partOfValue(value, where.scope, block.fields[name]?.doc ?? null, vocabThunk, result, context));
  if (run && !values.length && block.fields.length) parts.set("length", partOfValue({ kind: "number", value: run.length, unit: null, percent: false, origin: { how: "default", place: null, note: "default: the model's `context`" } }, where.scope, block.fields.length.doc, undefined, result, context));
  return parts;
}

function partOfValue(value: Value, scope: Scope, doc: string | null, vocab: Thunk | undefined, result: CheckResult, context: Context): Part {
  const again = (values: Values, fields: Fields) => (): ReadonlyMap<string, Part> => new Map(Object.entries(values).map(([name, inner]) => [name, partOfValue(inner, scope, fields[name]?.doc ?? null, undefined, result, context)]));
  const base = { value, declared: null, origin: value.origin, scope, doc };
  switch (value.kind) {
    case "section":
      return { ...base, parts: again(value.fields, {}) };
    case "objective":
      return { ...base, parts: again(value.arguments, {}) };
    case "call":
      return { ...base, parts: again(value.arguments, (context.vocabulary as Readonly<Record<string, Readonly<Record<string, { parameters: Fields }>>>>)[value.registry]?.[value.word]?.parameters ?? {}) };
    case "declaration":
      return { ...base, declared: value.declared, parts: () => declarationParts(value.declared, value.arguments, vocab, result, context) };
    case "data": {
      const entries = value.declared.value && entriesOf(value.declared, value.part, context);
      if (entries) return { ...base, parts: () => new Map(entries.map((entry) => [entry.declared.name, partOfValue({ kind: "data", declared: entry.declared, part: entry.part, origin: value.origin }, scope, null, undefined, result, context)])) };
      return { ...base, declared: value.declared, parts: () => declarationParts(value.declared, {}, undefined, result, context) };
    }
    default:
      return { ...base, parts: none };
  }
}

/** Parameters that nothing gives a value count as 2. */
function innerScope(declared: Declared, given: Given, vocab: Thunk | undefined, context: Context): ((file: Scope) => Scope) | null {
  const assumed: Record<string, Thunk> = vocab ? { vocab } : {};
  for (const parameter of declared.parameters) if (!given[parameter.name] && !parameter.value && !assumed[parameter.name]) assumed[parameter.name] = injectedNumber(2, declared.scope, { how: "assumed", place: parameter.place });
  return bindParameters(declared, given, declared.place, silent(context), assumed);
}

function parameterParts(declared: Declared, scope: Scope | null, context: Context): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const { name, place } of declared.parameters) {
    const binding = scope?.bindings.get(name)?.[0];
    if (binding?.kind !== "parameter" || !binding.thunk) continue;
    const { thunk } = binding;
    const part = partOfThunk(thunk, context);
    const origin = thunk.origin.how === "argument" && !thunk.origin.history ? { ...thunk.origin, history: { how: "parameter", place, note: `parameter of \`${declared.name}\`` } as const } : thunk.origin;
    parts.set(name, { ...part, origin, value: part.value && { ...part.value, origin } });
  }
  return parts;
}

const anything: FieldType = {
  type: "any",
  of: [
    { type: "number" }, { type: "quantity", units: [...new Set(units.map((unit) => unit.dimension))] }, { type: "switch" }, { type: "token" }, { type: "string" },
    ...(["activation", "layer", "initializer", "position", "optimizer", "schedule", "adaptation", "noise", "input", "target", "pair", "metric", "task", "tokenizer", "synthetic", "column", "cleaner"] as const).map((registry) => ({ type: "word", registry }) as const),
    { type: "mask" }, { type: "objective" }, { type: "declaration", kinds: ["model", "tokenizer"] }, { type: "data" },
  ],
};

function partOfThunk(thunk: Thunk, context: Context): Part {
  const value = evaluate(thunk, anything, silent(context));
  return { value: value && { ...value, origin: thunk.origin }, declared: null, origin: thunk.origin, scope: thunk.scope, doc: null, parts: none };
}
