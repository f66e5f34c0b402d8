// Loads a file and what it imports, and binds every file's names.

import type { Declaration, Import, Let } from "../../../grammar/ast.ts";
import { blocks } from "../../../grammar/blocks/index.ts";
import { duplicateName } from "../../../grammar/diagnostics/PT2003-duplicate-name.ts";
import { importNotFound } from "../../../grammar/diagnostics/PT2004-import-not-found.ts";
import { tooDeep } from "../../../grammar/diagnostics/PT2020-too-deep.ts";
import { importCycle } from "../../../grammar/diagnostics/PT2005-import-cycle.ts";
import { importOutside } from "../../../grammar/diagnostics/PT2006-import-outside.ts";
import { importMissingName } from "../../../grammar/diagnostics/PT2007-import-missing-name.ts";
import { unknownKind } from "../../../grammar/diagnostics/PT2001-unknown-kind.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import { parse } from "../../../grammar/parse.ts";
import { declare } from "./declare.ts";
import { bind, placeOf, type Binding, type Declared, type FileScope, type Host, type Sink, type Source } from "./program.ts";

export interface Program { readonly entry: FileScope; readonly files: ReadonlyMap<string, FileScope> }

/** Files that may import one another in a line. */
const deepest = 100;

interface Loading { readonly host: Host; readonly sink: Sink; readonly files: Map<string, FileScope>; readonly open: string[] }

/** Parses `text` as `file` and loads all that it imports; everything wrong goes to the sink. */
export function load(text: string, file: string, host: Host, sink: Sink): Program {
  const loading: Loading = { host, sink, files: new Map(), open: [] };
  const entry = loadFile(text, file, loading);
  return { entry, files: loading.files };
}

function loadFile(text: string, file: string, loading: Loading): FileScope {
  const { tree, diagnostics } = parse(text, file);
  diagnostics.forEach((diagnostic) => loading.sink.add(diagnostic));
  const source: Source = { file, text, tree };
  const declarations: Declared[] = [];
  const scope: FileScope = { source, bindings: new Map(), parent: null, declarations };
  loading.files.set(file, scope);
  loading.open.push(file);
  for (const item of tree.items) {
    if (item.kind === "import") importNames(item, scope, loading);
  }
  for (const item of tree.items) {
    if (item.kind === "let") bindLet(item, scope, loading);
    if (item.kind === "declaration") bindDeclaration(item, scope, declarations, loading);
  }
  loading.open.pop();
  return scope;
}

function bindLet(item: Let, scope: FileScope, { sink }: Loading): void {
  const place = placeOf(scope.source, item.name.span);
  const binding: Binding = { kind: "let", name: item.name.text, thunk: { expression: item.value, scope, origin: { how: "written", place: placeOf(scope.source, item.value.span) } }, place };
  refuseDuplicate(binding, scope, sink);
  bind(scope, binding);
}

function bindDeclaration(node: Declaration, scope: FileScope, declarations: Declared[], { sink }: Loading): void {
  const word = node.word.text;
  if (!Object.hasOwn(blocks, word)) {
    sink.report(unknownKind, placeOf(scope.source, node.word.span), { word, suggestion: didYouMean(word, Object.keys(blocks)) });
    return;
  }
  const place = placeOf(scope.source, node.name.span);
  let made: Declared | null = null;
  const declared = (): Declared => (made ??= declare(node, scope, sink));
  const binding: Binding = { kind: "declaration", name: node.name.text, declared, word, place, imported: false };
  refuseDuplicate(binding, scope, sink);
  bind(scope, binding);
  Object.defineProperty(declarations, declarations.length, { get: declared, enumerable: true, configurable: true });
}

function refuseDuplicate(binding: Binding, scope: FileScope, sink: Sink): void {
  const same = (scope.bindings.get(binding.name) ?? []).find((other) => typeOf(other) === typeOf(binding));
  if (same) sink.report(duplicateName, binding.place, { name: binding.name, what: typeOf(binding) }, { related: [{ message: "it is first defined here", place: same.place }] });
}

function typeOf(binding: Binding): string {
  return binding.kind === "declaration" ? binding.word : binding.kind;
}

function importNames(node: Import, scope: FileScope, loading: Loading): void {
  const { sink } = loading;
  const at = placeOf(scope.source, node.from.span);
  const target = importedFile(node, scope, loading);
  if (node.all) {
    bind(scope, { kind: "namespace", name: node.all.text, scope: () => target, place: placeOf(scope.source, node.all.span) });
    return;
  }
  for (const name of node.names ?? []) {
    const place = placeOf(scope.source, name.span);
    const found = (target?.bindings.get(name.text) ?? []).filter((binding) => binding.kind === "let" || (binding.kind === "declaration" && !binding.imported));
    if (target && !found.length) {
      const exported = [...target.bindings].filter(([, list]) => list.some((binding) => binding.kind !== "namespace")).map(([key]) => key);
      sink.report(importMissingName, place, { name: name.text, file: node.from.value, suggestion: didYouMean(name.text, exported), exported }, { related: [{ message: "imported from here", place: at }] });
    }
    for (const binding of found) {
      const imported: Binding = binding.kind === "declaration" ? { ...binding, imported: true, place } : { ...binding, place } as Binding;
      refuseDuplicate(imported, scope, sink);
      bind(scope, imported);
    }
    // A name that could not be imported is known, so that its uses are not reported again.
    if (!found.length && !scope.bindings.has(name.text)) bind(scope, { kind: "namespace", name: name.text, scope: () => null, place });
  }
}

function importedFile(node: Import, scope: FileScope, loading: Loading): FileScope | null {
  const { host, sink, files, open } = loading;
  const at = placeOf(scope.source, node.from.span);
  const found = host.resolve(scope.source.file, node.from.value);
  if ("problem" in found) {
    sink.report(importOutside, at, { path: node.from.value, problem: found.problem });
    return null;
  }
  if (open.includes(found.file)) {
    sink.report(importCycle, at, { chain: [...open.slice(open.indexOf(found.file)), found.file] });
    return null;
  }
  const known = files.get(found.file);
  if (known) return known;
  if (open.length >= deepest) {
    sink.report(tooDeep, at, { what: "imports", limit: deepest });
    return null;
  }
  const text = host.read(found.file);
  if (!text) {
    sink.report(importNotFound, at, { path: node.from.value, suggestion: didYouMean(node.from.value, siblingsOf(node.from.value, host.siblings?.(found.file) ?? [])) });
    return null;
  }
  if ("diagnostic" in text) {
    sink.add(text.diagnostic);
    return null;
  }
  return loadFile(text.text, found.file, loading);
}

/** Names beside a missing file, written as the import would write them. */
function siblingsOf(specifier: string, names: readonly string[]): string[] {
  const folder = specifier.slice(0, specifier.lastIndexOf("/") + 1);
  return names.map((name) => folder + name);
}
