// `from imported("models/bert")`: a model of another program as a run to start from. The host describes it as a text of the
// language, so that the compiler reads no file: a model `imported_model` and, where the folder has one, a `tokenizer`.

import type { Call, Expression, Relation } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { unreadableImport } from "../../../grammar/diagnostics/PT2033-unreadable-import.ts";
import { missingArgument } from "../../../grammar/diagnostics/PT3009-missing-argument.ts";
import { load } from "../1-resolve/load.ts";
import type { Declared, Entry, FileScope, Scope } from "../1-resolve/program.ts";
import { argumentsOf } from "./calls.ts";
import { at, type Context } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { join } from "./paths.ts";

export interface ImportedStart {
  /** Relative to the folder of the entry file. */
  readonly folder: string;
  /** sha256 of what describes the model there. */
  readonly hash: string;
  readonly scope: FileScope;
}

/** The word that makes a run of a folder. */
const word = "imported";

/** The call that a relation makes or names; null where it means something else. */
function callOf(relation: Relation, scope: Scope): { readonly list: Call["arguments"]; readonly scope: Scope } | null {
  const name = dotted(relation.target);
  if (name === word) return { list: relation.arguments ?? [], scope };
  for (let inner: Scope | null = scope; inner; inner = inner.parent) {
    for (const binding of inner.bindings.get(name) ?? []) {
      if (binding.kind === "let" && isImport(binding.thunk.expression)) return { list: binding.thunk.expression.arguments, scope: binding.thunk.scope };
    }
  }
  return null;
}

function isImport(expression: Expression): expression is Call {
  return expression.kind === "call" && dotted(expression.target) === word;
}

/** Null where the relation names a run; undefined after a report. */
export function importedStart(relation: Relation, scope: Scope, context: Context): ImportedStart | null | undefined {
  const found = callOf(relation, scope);
  if (!found) return null;
  const since = context.sink.errors;
  const given = argumentsOf(found.list, [{ name: "folder", positional: true }], word, found.scope, context);
  if (!given.folder && context.sink.errors === since) context.sink.report(missingArgument, at(scope, relation.span), { callee: word, missing: ["folder"] });
  const value = given.folder && evaluate(given.folder, { type: "string", path: true }, context);
  if (value?.kind !== "text" || context.sink.errors !== since) return undefined;
  const place = value.origin.place ?? at(scope, relation.span);
  const path = join(context.folder, value.value);
  const described = context.host.imported?.(path);
  if (!described) {
    context.sink.report(unreadableImport, place, { folder: value.value });
    return undefined;
  }
  if ("diagnostics" in described) {
    described.diagnostics.forEach((diagnostic) => context.sink.add(diagnostic));
    return undefined;
  }
  // Paths in the text are relative to the folder.
  const { entry } = load(described.text, `${path}/imported.pt`, context.host, context.sink);
  return context.sink.errors === since ? { folder: value.value, hash: described.hash, scope: entry } : undefined;
}

/** The fields that a run takes over from an import. */
export function importedFields({ scope, folder }: ImportedStart): Map<string, Entry> {
  const fields = new Map<string, Entry>();
  const add = (field: string, name: string): void => {
    const [binding] = scope.bindings.get(name) ?? [];
    if (!binding) return;
    const origin = { how: "inherited", place: binding.place, note: `from \`${word}("${folder}")\`` } as const;
    const span = { start: scope.source.text.length, end: scope.source.text.length };
    fields.set(field, { name: field, place: binding.place, origin, thunk: { expression: { kind: "reference", parts: [{ kind: "name", text: name, span }], span }, scope, origin } });
  };
  add("model", "imported_model");
  add("tokenizer", "imported_tokenizer");
  return fields;
}

/** The model that an import declares; none where the host keeps only its name, as for the resolved spec of a run, which has its own. */
export function importedModel({ scope }: ImportedStart): Declared | undefined {
  return scope.declarations.find((declared) => declared.word === "model");
}
