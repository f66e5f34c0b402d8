// Fields of a declaration over those it inherits: whole fields, sections field by field, paths below a value, `remove`.

import type { Field as FieldNode, Name, Statement } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { nothingToChange } from "../../../grammar/diagnostics/PT2018-nothing-to-change.ts";
import { repeatedField } from "../../../grammar/diagnostics/PT3002-repeated-field.ts";
import { misplaced } from "../../../grammar/diagnostics/PT3014-misplaced.ts";
import type { Fields, FieldType } from "../../../grammar/fields.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import { placeOf, type Entry, type FileScope, type Origin, type Sink } from "./program.ts";

type Entries = Map<string, Entry>;

/** `base` is not changed. `fields` says which names are sections, so that `checkpoint.every: …` may open one. */
export function mergeFields(base: ReadonlyMap<string, Entry>, statements: readonly Statement[], fields: Fields, scope: FileScope, sink: Sink): Entries {
  const entries: Entries = new Map(base);
  const seen = new Map<string, Name | FieldNode["path"]>();
  const once = (name: string, node: Name | FieldNode["path"]): void => {
    const first = seen.get(name);
    if (first) sink.report(repeatedField, placeOf(scope.source, node.span), { name }, { related: [{ message: "first given here", place: placeOf(scope.source, first.span) }] });
    seen.set(name, node);
  };
  for (const statement of statements) {
    if (statement.kind === "field") {
      const path = statement.path.kind === "string" ? [statement.path.value] : statement.path.parts.map((part) => part.text);
      once(path.join("."), statement.path);
      if (path.length === 1) setField(entries, path[0], statement, sectionFields(fields[path[0]]?.type), scope, sink);
      else changeBelow(entries, path, statement, fields, scope, sink);
    } else if (statement.kind === "item" && statement.body && !statement.arguments) {
      once(statement.name.text, statement.name);
      setSection(entries, statement.name.text, statement.name, statement.body.statements, sectionFields(fields[statement.name.text]?.type), scope, sink);
    } else if (statement.kind === "remove") {
      removeField(entries, statement.path.parts.map((part) => part.text), statement, scope, sink);
    } else {
      sink.report(misplaced, placeOf(scope.source, statement.span), describe(statement, fields));
    }
  }
  return entries;
}

function describe(statement: Statement, fields: Fields): { what: string; where: string; instead: string } {
  const word = "name" in statement && statement.name ? statement.name.text : statement.kind;
  const known = Object.hasOwn(fields, word);
  return {
    what: statement.kind === "item" ? `\`${word}\` without a value` : `\`${"word" in statement ? statement.word : statement.kind}\``,
    where: "a block of fields",
    instead: known ? `write \`${word}: …\`` : (didYouMean(word, Object.keys(fields)) ?? "a field is a name, a colon and a value"),
  };
}

function sectionFields(type: FieldType | undefined): Fields {
  if (type?.type === "section") return type.fields;
  return {};
}

function originOf(node: { span: FieldNode["span"] }, scope: FileScope, old: Entry | undefined): Origin {
  return { how: old ? "override" : "written", place: placeOf(scope.source, node.span), ...(old ? { history: old.origin } : {}) };
}

function setField(entries: Entries, name: string, node: FieldNode, inner: Fields, scope: FileScope, sink: Sink): void {
  if (node.value.kind === "block") {
    setSection(entries, name, node.path, node.value.statements, inner, scope, sink);
    return;
  }
  const origin = originOf(node.value, scope, entries.get(name));
  entries.set(name, { name, place: placeOf(scope.source, node.path.span), origin, thunk: { expression: node.value, scope, origin } });
}

function setSection(entries: Entries, name: string, label: { span: FieldNode["span"] }, statements: readonly Statement[], inner: Fields, scope: FileScope, sink: Sink): void {
  const old = entries.get(name);
  const origin = originOf(label, scope, old);
  entries.set(name, { name, place: placeOf(scope.source, label.span), origin, section: mergeFields(old?.section ?? new Map(), statements, inner, scope, sink) });
}

/** `optimizer.lr: 5e-4` or `evaluate.every: 100 steps`: below an inherited call, or inside a section. */
function changeBelow(entries: Entries, path: readonly string[], node: FieldNode, fields: Fields, scope: FileScope, sink: Sink): void {
  const [first, ...rest] = path;
  const old = entries.get(first);
  const place = placeOf(scope.source, node.path.span);
  if (old?.section || (!old && fields[first]?.type.type === "section")) {
    const inner: Entries = new Map(old?.section ?? []);
    const innerFields = sectionFields(fields[first]?.type);
    if (rest.length === 1) setField(inner, rest[0], node, sectionFields(innerFields[rest[0]]?.type), scope, sink);
    else changeBelow(inner, rest, node, innerFields, scope, sink);
    entries.set(first, { name: first, place: old?.place ?? place, origin: old?.origin ?? originOf(node, scope, undefined), section: inner });
  } else if (old?.thunk && node.value.kind !== "block") {
    const origin: Origin = { how: "override", place: placeOf(scope.source, node.value.span), history: old.origin };
    entries.set(first, { ...old, thunk: { ...old.thunk, overrides: [...(old.thunk.overrides ?? []), { path: rest, thunk: { expression: node.value, scope, origin }, place }] } });
  } else {
    sink.report(nothingToChange, place, { path: path.join("."), suggestion: didYouMean(first, entries.keys()) });
  }
}

function removeField(entries: Entries, path: readonly string[], node: Statement & { kind: "remove" }, scope: FileScope, sink: Sink): void {
  const [first, ...rest] = path;
  const old = entries.get(first);
  const place = placeOf(scope.source, node.path.span);
  if (!old) {
    sink.report(nothingToChange, place, { path: dotted(node.path), suggestion: didYouMean(first, entries.keys()) });
  } else if (!rest.length) {
    entries.delete(first);
  } else if (old.section) {
    const inner: Entries = new Map(old.section);
    removeField(inner, rest, node, scope, sink);
    entries.set(first, { ...old, section: inner });
  } else if (old.thunk) {
    entries.set(first, { ...old, thunk: { ...old.thunk, overrides: [...(old.thunk.overrides ?? []), { path: rest, thunk: null, place }] } });
  }
}
