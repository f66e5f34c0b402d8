// Fields of a block against its record: unknown, missing, exactly one of; sections and maps within.

import { conflictingFields } from "../../../grammar/diagnostics/PT3015-conflicting-fields.ts";
import { missingField } from "../../../grammar/diagnostics/PT3003-missing-field.ts";
import { unknownField } from "../../../grammar/diagnostics/PT3001-unknown-field.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { describeType, type Fields, type FieldType } from "../../../grammar/fields.ts";
import { nearest } from "../../../grammar/nearest.ts";
import type { Entry, Scope, Thunk } from "../1-resolve/program.ts";
import type { Context } from "./context.ts";
import { defaultExpression } from "./defaults.ts";
import { evaluate } from "./evaluate.ts";
import type { Value, Values } from "./values.ts";

export interface Where { readonly what: string; /** Missing fields may have been inherited from a base that was not found. */ readonly incomplete?: boolean; readonly place: Place; readonly scope: Scope; /** Gives the scope in which an entry's text is evaluated. */ readonly inner: (file: Scope) => Scope }

/** Values of the fields that could be evaluated; what is wrong is reported. `skip` names fields that the caller fills in where they are absent. */
export function checkFields(entries: ReadonlyMap<string, Entry>, fields: Fields, where: Where, context: Context, skip: readonly string[] = []): Values {
  const values: Record<string, Value> = {};
  for (const entry of entries.values()) {
    if (Object.hasOwn(fields, entry.name)) continue;
    const [near] = nearest(entry.name, Object.keys(fields).filter((name) => !entries.has(name)));
    const span = entry.place.span;
    const fixes = near ? [{ title: `change to \`${near}\``, edits: [{ start: span.start, end: span.end, text: near }] }] : [];
    context.sink.report(unknownField, entry.place, { name: entry.name, where: where.what, suggestion: near && `did you mean \`${near}\`?`, names: Object.keys(fields) }, { fixes });
  }
  const missing: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const entry = entries.get(name);
    if (entry) {
      const value = fieldValue(entry, field.type, where, context);
      if (value) values[name] = value;
    } else if (field.default !== undefined && !skip.includes(name)) {
      const value = defaultValue(field.default, field.type, where, context);
      if (value) values[name] = value;
    } else if (field.required && !skip.includes(name)) missing.push(name);
  }
  if (missing.length && !where.incomplete) context.sink.report(missingField, where.place, { names: missing, where: where.what });
  return values;
}

export function defaultValue(text: string, type: FieldType, where: Where, context: Context): Value | null {
  const origin = { how: "default", place: null, note: `default: ${text}` } as const;
  if (type.type === "section") return { kind: "section", fields: checkFields(new Map(), type.fields, where, context), origin };
  const value = evaluate({ expression: defaultExpression(text), scope: { ...where.scope, bindings: new Map(), parent: null }, origin }, type, context);
  return value && { ...value, origin };
}

/** Exactly one of each group must be given. */
export function checkExactlyOne(groups: readonly (readonly string[])[], entries: ReadonlyMap<string, Entry>, where: Where, context: Context): void {
  for (const group of groups) {
    const given = group.filter((name) => entries.has(name));
    if (given.length !== 1) context.sink.report(conflictingFields, given.length ? entries.get(given[1])!.place : where.place, { group: [...group], given, where: where.what });
  }
}

function fieldValue(entry: Entry, type: FieldType, where: Where, context: Context): Value | null {
  if (entry.section) return sectionValue(entry, type, where, context);
  const thunk = rescoped(entry.thunk!, where.inner);
  if (type.type === "section" || type.type === "map") {
    context.sink.report(wrongType, entry.origin.place ?? entry.place, { wanted: describeType(type), given: "a value" });
    return null;
  }
  return evaluate(thunk, type, context);
}

function rescoped(thunk: Thunk, inner: (file: Scope) => Scope): Thunk {
  return {
    ...thunk,
    scope: inner(thunk.scope),
    ...(thunk.overrides ? { overrides: thunk.overrides.map((override) => ({ ...override, thunk: override.thunk && rescoped(override.thunk, inner) })) } : {}),
  };
}

function sectionValue(entry: Entry, type: FieldType, where: Where, context: Context): Value | null {
  const section = type.type === "any" ? type.of.find((one) => one.type === "section" || one.type === "map") : type;
  const place = entry.place;
  if (section?.type === "section") {
    return { kind: "section", fields: checkFields(entry.section!, section.fields, { ...where, what: `\`${entry.name}\``, place }, context), origin: entry.origin };
  }
  if (section?.type === "map") {
    const fields: Record<string, Value> = {};
    for (const inner of entry.section!.values()) {
      const value = fieldValue(inner, section.of, where, context);
      if (value) fields[inner.name] = value;
    }
    return { kind: "section", fields, origin: entry.origin };
  }
  context.sink.report(wrongType, place, { wanted: describeType(type), given: "a block" });
  return null;
}
