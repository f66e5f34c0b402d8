// Calls: arguments matched to parameters, changed by extensions, checked against a record's types, defaults filled in.

import type { Argument, Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { missingArgument } from "../../../grammar/diagnostics/PT3009-missing-argument.ts";
import { pathEnds } from "../../../grammar/diagnostics/PT2019-path-ends.ts";
import { positionalClash } from "../../../grammar/diagnostics/PT3011-positional-clash.ts";
import { repeatedArgument } from "../../../grammar/diagnostics/PT3008-repeated-argument.ts";
import { tooManyArguments } from "../../../grammar/diagnostics/PT3010-too-many-arguments.ts";
import { unknownArgument } from "../../../grammar/diagnostics/PT3007-unknown-argument.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import type { Field, Registry } from "../../../grammar/fields.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import { bind, childScope, type Declared, type Override, type Scope, type Thunk } from "../1-resolve/program.ts";
import { at, injectedNumber, silent, type Context } from "./context.ts";
import { defaultExpression } from "./defaults.ts";
import { evaluate, through } from "./evaluate.ts";
import { lookup } from "./names.ts";
import { describeExpression } from "./numbers.ts";
import { evaluateTaskMixture, isTaskMixture } from "./task-mixture.ts";
import type { Value, Values } from "./values.ts";
import type { Word } from "./vocabulary.ts";

export interface Slot { readonly name: string; readonly positional: boolean }
export type Given = Readonly<Record<string, Thunk>>;

/** Matches arguments to slots; what cannot be matched is reported and left out. */
export function argumentsOf(list: readonly Argument[], slots: readonly Slot[], callee: string, scope: Scope, context: Context): Given {
  const given: Record<string, Thunk> = {};
  const positional = slots.filter((slot) => slot.positional);
  const names = slots.map((slot) => slot.name);
  let position = 0;
  let named = false;
  for (const argument of list) {
    const where = at(scope, argument.span);
    let slot: string | undefined;
    if (argument.name) {
      named = true;
      slot = names.find((name) => name === argument.name!.text);
      if (!slot) {
        context.sink.report(unknownArgument, at(scope, argument.name.span), { name: argument.name.text, callee, suggestion: didYouMean(argument.name.text, names), names });
        continue;
      }
    } else {
      slot = positional[position++]?.name;
      if (!slot || named) {
        context.sink.report(tooManyArguments, where, { callee, positional: positional.map((p) => p.name), names, afterNamed: named });
        continue;
      }
      const word = argument.value.kind === "reference" && argument.value.parts.length === 1 ? argument.value.parts[0].text : null;
      if (word && word !== slot && names.includes(word)) {
        const fix = { title: `name it: \`${word}: ${word}\``, edits: [{ start: argument.span.start, end: argument.span.start, text: `${word}: ` }] };
        context.sink.report(positionalClash, where, { word, slot, callee }, { fixes: [fix] });
        continue;
      }
    }
    if (Object.hasOwn(given, slot)) context.sink.report(repeatedArgument, where, { name: slot, callee });
    else given[slot] = { expression: argument.value, scope, origin: { how: "argument", place: at(scope, argument.value.span) } };
  }
  return given;
}

/** Applies changes below a call: `lr: 5e-4`, `model.width: 256`, `remove clip`. */
export function overridden(given: Given, overrides: readonly Override[] | undefined, names: readonly string[], callee: string, defaults: (name: string) => Thunk | null, context: Context): Given | null {
  if (!overrides?.length) return given;
  const changed: Record<string, Thunk> = { ...given };
  for (const { path, thunk, place } of overrides) {
    const [first, ...rest] = path;
    if (!names.includes(first)) {
      context.sink.report(unknownArgument, place, { name: first, callee, suggestion: didYouMean(first, names), names: [...names] });
      return null;
    }
    const old = changed[first] ?? defaults(first);
    if (rest.length) {
      if (!old) {
        context.sink.report(pathEnds, place, { path: path.join("."), at: first });
        return null;
      }
      changed[first] = { ...old, overrides: [...(old.overrides ?? []), { path: rest, thunk, place }] };
    } else if (thunk) {
      changed[first] = old ? { ...thunk, origin: { ...thunk.origin, history: old.origin } } : thunk;
    } else delete changed[first];
  }
  return changed;
}

/**
 * Evaluates a record's parameters; `ambient` numbers (the stream's width) may be named in defaults. Null after a report,
 * also one made `since` the arguments began to be matched: then nothing is said of missing ones, which may be those misspelled.
 */
export function checkArguments(word: Word, given: Given, scope: Scope, place: Place, context: Context, since: number, ambient: Readonly<Record<string, number>> = {}): Values | null {
  const before = context.sink.errors;
  const inner = childScope({ ...scope, bindings: new Map(), parent: null });
  for (const [name, value] of Object.entries(ambient)) bind(inner, { kind: "parameter", name, thunk: injectedNumber(value, inner, { how: "default", place: null }), place });
  const values: Record<string, Value> = {};
  const missing: string[] = [];
  for (const [name, field] of Object.entries(word.parameters)) {
    let thunk: Thunk | null = given[name] ?? null;
    if (!thunk && field.default !== undefined) thunk = { expression: defaultExpression(field.default), scope: inner, origin: { how: "default", place: null, note: `default of \`${word.word}\`: ${field.default}` } };
    if (!thunk) {
      if (field.required) missing.push(name);
      continue;
    }
    // A default that has no value is the doing of the arguments it hangs on: they are reported, or the record's own check is.
    const isDefault = thunk.origin.how === "default";
    const value = isDefault ? defaultValue(thunk, field, context) : evaluate(thunk, field.type, context);
    if (value) values[name] = isDefault ? { ...value, origin: thunk.origin } : value;
    if (value?.kind === "number") bind(inner, { kind: "parameter", name, thunk: injectedNumber(value.value, inner, value.origin), place });
    else bind(inner, { kind: "parameter", name, thunk, place });
  }
  if (missing.length && before === since) context.sink.report(missingArgument, place, { callee: word.word, missing });
  return context.sink.errors === since && !missing.length ? values : null;
}

/** Literals mean the same everywhere: layers of large models have many. */
const literalDefaults = new WeakMap<Field, Value>();

function defaultValue(thunk: Thunk, field: Field, context: Context): Value | null {
  const literal = ["number", "switch", "string"].includes(thunk.expression.kind);
  const known = literal ? literalDefaults.get(field) : undefined;
  if (known) return known;
  const value = evaluate(thunk, field.type, silent(context));
  if (literal && value) literalDefaults.set(field, value);
  return value;
}

/** A word of a vocabulary called, or a `let` that holds one. */
export function evaluateCall(expression: Expression, thunk: Thunk, registry: Registry, context: Context): Value | null {
  const { scope } = thunk;
  const place = at(scope, expression.span);
  if (registry === "task" && isTaskMixture(expression)) return evaluateTaskMixture(expression, thunk, context);
  if (expression.kind !== "call" && expression.kind !== "reference") {
    context.sink.report(wrongType, place, { wanted: `${/^[aeiou]/.test(registry) ? "an" : "a"} ${registry}`, given: describeExpression(expression) });
    return null;
  }
  const target = expression.kind === "call" ? expression.target : expression;
  const found = lookup(target, { what: "word", registry }, scope, context);
  if (!found || found.kind === "unknown") return null;
  if (found.kind === "thunk") {
    if (expression.kind === "call") context.sink.report(wrongType, place, { wanted: `${registry}`, given: `a call of \`${dotted(target)}\`, which takes no arguments` });
    return evaluate(through(found.thunk, thunk.overrides), { type: "word", registry }, context);
  }
  if (found.kind === "declaration") throw new Error(`no declaration is a word of ${registry}`);
  const { word } = found;
  const slots = Object.entries(word.parameters).map(([name, field]) => ({ name, positional: field.positional ?? false }));
  const since = context.sink.errors;
  const matched = argumentsOf(expression.kind === "call" ? expression.arguments : [], slots, word.word, scope, context);
  const fallback = (name: string): Thunk | null => {
    const text = word.parameters[name]?.default;
    return text === undefined ? null : { expression: defaultExpression(text), scope, origin: { how: "default", place: null, note: `default of \`${word.word}\`: ${text}` } };
  };
  const given = overridden(matched, thunk.overrides, slots.map((slot) => slot.name), word.word, fallback, context);
  const values = given && checkArguments(word, given, scope, place, context, since);
  return values && { kind: "call", registry, word: word.word, arguments: values, origin: thunk.origin };
}

/** The name of a declaration, called or not. */
export function declarationCall(expression: Expression, thunk: Thunk, kinds: readonly string[], context: Context): Value | null {
  const { scope } = thunk;
  const place = at(scope, expression.span);
  if (expression.kind !== "call" && expression.kind !== "reference") {
    context.sink.report(wrongType, place, { wanted: `the name of a ${kinds.join(" or ")}`, given: describeExpression(expression) });
    return null;
  }
  const target = expression.kind === "call" ? expression.target : expression;
  const found = lookup(target, { what: "declaration", kinds }, scope, context);
  if (!found || found.kind === "unknown" || found.kind === "word") return null;
  if (found.kind === "thunk") return evaluate(through(found.thunk, thunk.overrides), { type: "declaration", kinds }, context);
  const { declared } = found;
  const slots = declared.parameters.map((parameter) => ({ name: parameter.name, positional: true }));
  const since = context.sink.errors;
  const matched = argumentsOf(expression.kind === "call" ? expression.arguments : [], slots, declared.name, scope, context);
  const given = overridden(matched, thunk.overrides, slots.map((slot) => slot.name), declared.name, (name) => declared.parameters.find((p) => p.name === name)?.value ?? null, context);
  return given && context.sink.errors === since ? { kind: "declaration", declared, arguments: given, origin: thunk.origin } : null;
}

/**
 * Binds a declaration's parameters: returns, for each file scope that its parts were written in, the scope in which
 * they are evaluated. Null after a report that one is missing.
 */
export function bindParameters(declared: Declared, given: Given, place: Place, context: Context, assumed?: Readonly<Record<string, Thunk>>): ((file: Scope) => Scope) | null {
  const bindings: Scope["bindings"] = new Map();
  const scopes = new Map<Scope, Scope>();
  const inner = (file: Scope): Scope => {
    let scope = scopes.get(file);
    if (!scope) scopes.set(file, (scope = { source: file.source, bindings, parent: file }));
    return scope;
  };
  const missing: string[] = [];
  for (const parameter of declared.parameters) {
    const argument = given[parameter.name] ?? null;
    // A default sees the parameters to its left: those bound so far, in a map of their own.
    const left: Scope["bindings"] = new Map([...bindings].map(([name, list]) => [name, [...list]]));
    const value = parameter.value && { ...parameter.value, scope: { source: parameter.value.scope.source, bindings: left, parent: parameter.value.scope } };
    const thunk = argument ?? assumed?.[parameter.name] ?? value;
    if (!thunk) missing.push(parameter.name);
    bindings.set(parameter.name, [{ kind: "parameter", name: parameter.name, thunk, place: parameter.place }]);
  }
  if (missing.length) {
    context.sink.report(missingArgument, place, { callee: declared.name, missing });
    return null;
  }
  return inner;
}

