// Typed lookup: of everything visible under a name, the innermost that can be what is wanted.

import type { Expression, Reference } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { unknownName } from "../../../grammar/diagnostics/PT2002-unknown-name.ts";
import { wrongKind } from "../../../grammar/diagnostics/PT2015-wrong-kind.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import type { Registry } from "../../../grammar/fields.ts";
import { preludeOf } from "../../prelude.ts";
import type { Binding, Declared, Scope, Thunk } from "../1-resolve/program.ts";
import { at, type Context } from "./context.ts";
import type { Word } from "./vocabulary.ts";

/** What is wanted of a name. */
export type Want =
  | { readonly what: "number" | "text" | "prompt" | "switch" | "token" | "list" | "mask" }
  | { readonly what: "word"; readonly registry: Registry }
  | { readonly what: "declaration"; readonly kinds: readonly string[] };

export type Found =
  | { readonly kind: "thunk"; readonly thunk: Thunk; readonly binding: Binding }
  | { readonly kind: "declaration"; readonly declared: Declared }
  | { readonly kind: "word"; readonly word: Word }
  /** A parameter without a value, or a name whose import failed: already reported. */
  | { readonly kind: "unknown" };

const maximumDepth = 420;

export function describeWant(want: Want): string {
  if (want.what === "word") return `${/^[aeiou]/.test(want.registry) ? "an" : "a"} ${want.registry}`;
  if (want.what === "declaration") return want.kinds.map((kind) => `${/^[aeiou]/.test(kind) ? "an" : "a"} \`${kind}\``).join(" or ");
  return `a ${want.what}`;
}

/** Finds without reporting; null when nothing of the wanted type is visible. */
export function find(reference: Reference, want: Want, scope: Scope, context: Context, depth = 0): Found | null {
  if (depth > maximumDepth) return null;
  const [first, ...rest] = reference.parts;
  if (rest.length) return findInNamespace(reference, want, scope, context, depth);
  for (let inner: Scope | null = scope; inner; inner = inner.parent) {
    for (const binding of (inner.bindings.get(first.text) ?? []).toReversed()) {
      const found = asWanted(binding, reference, want, scope, context, depth);
      if (found) return found;
    }
  }
  return fromVocabulary(first.text, want, context);
}

function fromVocabulary(name: string, want: Want, context: Context): Found | null {
  const registry = want.what === "mask" ? "mask" : want.what === "word" ? want.registry : null;
  if (!registry) return null;
  if (registry === "objective") {
    const known = preludeOf(context.catalog).bindings.get(name)?.find((binding) => binding.kind === "declaration");
    if (known?.kind === "declaration") return { kind: "declaration", declared: known.declared() };
  }
  const words = context.vocabulary[registry];
  return Object.hasOwn(words, name) ? { kind: "word", word: words[name] } : null;
}

function asWanted(binding: Binding, reference: Reference, want: Want, scope: Scope, context: Context, depth: number): Found | null {
  switch (binding.kind) {
    case "let":
      // Only what is written above counts; a let of another file was written above its import.
      if (binding.place.file === scope.source.file && binding.thunk.scope.source === scope.source && binding.place.span.start >= reference.span.start && reference.span.end > 0) return null;
      return couldBe(binding.thunk.expression, want, binding.thunk.scope, context, depth + 1) ? { kind: "thunk", thunk: binding.thunk, binding } : null;
    case "parameter":
      if (!binding.thunk) return { kind: "unknown" };
      if (binding.thunk.injected !== undefined) return want.what === "number" ? { kind: "thunk", thunk: binding.thunk, binding } : binding.thunk.origin.how === "assumed" ? { kind: "unknown" } : null;
      return couldBe(binding.thunk.expression, want, binding.thunk.scope, context, depth + 1) ? { kind: "thunk", thunk: binding.thunk, binding } : null;
    case "namespace":
      return binding.scope() === null ? { kind: "unknown" } : null;
    case "declaration":
      return isWantedDeclaration(binding.word, want) ? { kind: "declaration", declared: binding.declared() } : null;
  }
}

function isWantedDeclaration(word: string, want: Want): boolean {
  if (want.what === "declaration") return want.kinds.includes(word);
  if (want.what === "mask") return word === "mask";
  return want.what === "word" && want.registry === "objective" && word === "objective";
}

function findInNamespace(reference: Reference, want: Want, scope: Scope, context: Context, depth: number): Found | null {
  const [first, ...rest] = reference.parts;
  for (let inner: Scope | null = scope; inner; inner = inner.parent) {
    for (const binding of inner.bindings.get(first.text) ?? []) {
      if (binding.kind !== "namespace") continue;
      const file = binding.scope();
      if (!file) return { kind: "unknown" };
      return find({ ...reference, parts: rest, span: { start: Number.MAX_SAFE_INTEGER - 1, end: Number.MAX_SAFE_INTEGER } }, want, file, context, depth + 1);
    }
  }
  return null;
}

/** Whether an expression can have the wanted type, by its form and the names in it. */
export function couldBe(expression: Expression, want: Want, scope: Scope, context: Context, depth = 0): boolean {
  if (depth > maximumDepth) return false;
  switch (expression.kind) {
    case "number":
      return want.what === "number";
    case "string":
      return want.what === "text";
    case "token":
      return want.what === "token";
    case "switch":
      return want.what === "switch";
    case "list":
      return want.what === "list";
    case "group":
      return couldBe(expression.inner, want, scope, context, depth);
    case "unary":
      return expression.operator === "not" ? want.what === "mask" : want.what === "number";
    case "binary":
      if (["&", "|", "<", "<=", ">", ">=", "==", "!="].includes(expression.operator)) return want.what === "mask";
      if (expression.operator === "->") return want.what === "prompt";
      return want.what === "number" || (want.what === "word" && (want.registry === "layer" || want.registry === "objective" || want.registry === "task"));
    case "call":
    case "reference": {
      const target = expression.kind === "call" ? expression.target : expression;
      const name = dotted(target);
      if (name === "cycle" && expression.kind === "call") return expression.arguments.some((argument) => couldBe(argument.value, want, scope, context, depth + 1));
      if (want.what === "word" && want.registry === "task" && expression.kind === "call" && name === "mixture") return expression.arguments.every((argument) => couldBe(argument.value, want, scope, context, depth + 1));
      if (want.what === "number" && expression.kind === "call" && ["min", "max", "abs", "tokens_per_parameter"].includes(name)) return true;
      return find(target, want, scope, context, depth + 1) !== null;
    }
  }
}

/** Finds, or reports that the name is unknown or of another kind. */
export function lookup(reference: Reference, want: Want, scope: Scope, context: Context): Found | null {
  const found = find(reference, want, scope, context);
  if (found) return found.kind === "unknown" ? null : found;
  const place = at(scope, reference.span);
  const name = dotted(reference);
  const other = kindOf(reference, scope, context);
  if (other) {
    context.sink.report(wrongKind, place, { name, is: other, wanted: describeWant(want) });
  } else {
    context.sink.report(unknownName, place, { name, wanted: describeWant(want), suggestion: isBelow(reference, scope) ? `\`${name}\` is defined further down; a \`let\` sees what stands above it` : didYouMean(reference.parts.at(-1)!.text, namesFor(want, scope, context)) }, suggestionFix(reference, want, scope, context));
  }
  return null;
}

/** Whether a `let` of the name stands below its use. */
function isBelow(reference: Reference, scope: Scope): boolean {
  for (let inner: Scope | null = scope; inner; inner = inner.parent) {
    if (inner.bindings.get(reference.parts[0].text)?.some((binding) => binding.kind === "let" && binding.place.span.start > reference.span.start)) return true;
  }
  return false;
}

function suggestionFix(reference: Reference, want: Want, scope: Scope, context: Context): { fixes: { title: string; edits: { start: number; end: number; text: string }[] }[] } | undefined {
  const last = reference.parts.at(-1)!;
  const hint = didYouMean(last.text, namesFor(want, scope, context));
  const word = hint?.match(/`(.*)`/)?.[1];
  return word && word !== last.text ? { fixes: [{ title: `change to \`${word}\``, edits: [{ start: last.span.start, end: last.span.end, text: word }] }] } : undefined;
}

const everyWant: readonly Want[] = [
  { what: "number" }, { what: "text" }, { what: "prompt" }, { what: "switch" }, { what: "token" }, { what: "list" }, { what: "mask" },
  ...(["layer", "activation", "position", "optimizer", "schedule", "objective", "noise", "input", "target", "pair", "tokenizer", "metric", "adaptation", "initializer"] as const).map((registry) => ({ what: "word", registry }) as const),
  ...["model", "tokenizer", "data", "template", "pretrain", "finetune", "evaluate"].map((kind) => ({ what: "declaration", kinds: [kind] }) as const),
];

/** What a name is, when it is not what was wanted. */
function kindOf(reference: Reference, scope: Scope, context: Context): string | null {
  for (const want of everyWant) {
    const found = find(reference, want, scope, context);
    if (found && found.kind !== "unknown") return describeWant(want);
  }
  return null;
}

/** All visible names of the wanted type. */
export function namesFor(want: Want, scope: Scope, context: Context): string[] {
  const names = new Set<string>();
  for (let inner: Scope | null = scope; inner; inner = inner.parent) {
    for (const [name, bindings] of inner.bindings) {
      const reference: Reference = { kind: "reference", parts: [{ kind: "name", text: name, span: { start: 0, end: 0 } }], span: { start: 0, end: 0 } };
      if (bindings.some((binding) => asWanted(binding, reference, want, scope, context, 0) !== null)) names.add(name);
    }
  }
  const registry = want.what === "mask" ? "mask" : want.what === "word" ? want.registry : null;
  if (registry) Object.keys(context.vocabulary[registry]).forEach((word) => names.add(word));
  return [...names];
}
