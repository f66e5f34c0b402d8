// One declaration with its base's parameters, lets, fields and statements merged in.

import type { Declaration, Expression, Parameter, Relation, Statement } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { blocks } from "../../../grammar/blocks/index.ts";
import type { BlockDefinition } from "../../../grammar/blocks/define.ts";
import { duplicateName } from "../../../grammar/diagnostics/PT2003-duplicate-name.ts";
import { unknownName } from "../../../grammar/diagnostics/PT2002-unknown-name.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { misplacedRelation } from "../../../grammar/diagnostics/PT2014-misplaced-relation.ts";
import { repeatedField } from "../../../grammar/diagnostics/PT3002-repeated-field.ts";
import { misplaced } from "../../../grammar/diagnostics/PT3014-misplaced.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import { mergeFields } from "./merge-fields.ts";
import { mergeStatements } from "./merge-model.ts";
import { placeOf, type Binding, type Declared, type DeclaredParameter, type FileScope, type Origin, type Sink, type Sourced, type Thunk } from "./program.ts";

const opening = new Set<Declaration>();

/** Merges `node` over the declaration it extends, if any. */
export function declare(node: Declaration, scope: FileScope, sink: Sink): Declared {
  const block: BlockDefinition = blocks[node.word.text as keyof typeof blocks];
  const place = placeOf(scope.source, node.name.span);
  opening.add(node);
  const base = baseOf(node, block, scope, sink);
  opening.delete(node);
  checkForm(node, block, scope, sink);
  const statements = node.body?.statements ?? [];
  const lets: Sourced[] = [...(base?.lets ?? []), ...(block.form === "model" ? [] : statements.filter((s) => s.kind === "let").map((statement) => ({ statement, scope })))];
  return {
    word: node.word.text,
    name: node.name.text,
    node,
    scope,
    place,
    parameters: parametersOf(node, base, scope, sink),
    fields: block.form === "model" ? new Map() : mergeFields(withFrom(base?.fields ?? new Map(), node, block, scope, sink), statements.filter((s: Statement) => s.kind !== "let" && !(block.rows && s.kind === "vary")), block.fields, scope, sink),
    lets,
    statements: block.form === "model" ? mergeStatements(base?.statements ?? [], statements, scope, sink) : [],
    value: node.value ? { expression: node.value, scope, origin: { how: "written", place: placeOf(scope.source, node.value.span) } } : (base?.value ?? null),
    base,
    incomplete: base ? base.incomplete : node.relations.some((relation) => relation.word === "extends"),
    baseArguments: node.relations.find((relation) => relation.word === "extends")?.arguments ?? [],
  };
}

function baseOf(node: Declaration, block: BlockDefinition, scope: FileScope, sink: Sink): Declared | null {
  let base: Declared | null = null;
  for (const relation of node.relations) {
    if (!block.relations.includes(relation.word)) {
      sink.report(misplacedRelation, placeOf(scope.source, relation.span), { relation: relation.word, kind: node.word.text, allowed: block.relations });
    } else if (relation.word === "extends") {
      base = extended(relation, node, scope, sink);
    }
  }
  return base;
}

/** `finetune spam from small(checkpoint: best)` is the field `from: small(checkpoint: best)`. */
function withFrom(fields: Declared["fields"], node: Declaration, block: BlockDefinition, scope: FileScope, sink: Sink): Declared["fields"] {
  const relation = node.relations.find((candidate) => candidate.word === "from" && block.relations.includes("from"));
  if (!relation) return fields;
  const { target, arguments: list, span } = relation;
  const place = placeOf(scope.source, span);
  const written = node.body?.statements.find((statement) => statement.kind === "field" && statement.path.kind === "reference" && dotted(statement.path) === "from");
  if (written) sink.report(repeatedField, placeOf(scope.source, written.span), { name: "from" }, { related: [{ message: "first given here", place }] });
  const origin: Origin = { how: "written", place: placeOf(scope.source, target.span) };
  const expression: Expression = list ? { kind: "call", target, arguments: list, span } : target;
  return new Map([...fields, ["from", { name: "from", place, origin, thunk: { expression, scope, origin } }]]);
}

/** The declaration that a relation names, of the same kind. */
function extended(relation: Relation, node: Declaration, scope: FileScope, sink: Sink): Declared | null {
  const parts = relation.target.parts.map((part) => part.text);
  let from: FileScope | null = scope;
  for (const part of parts.slice(0, -1)) {
    const found: Binding | undefined = from?.bindings.get(part)?.find((binding) => binding.kind === "namespace");
    from = found?.kind === "namespace" ? found.scope() : null;
    if (found && !from) return null;
  }
  const name = parts.at(-1)!;
  const binding = from?.bindings.get(name)?.find((candidate) => candidate.kind === "declaration" && candidate.word === node.word.text);
  const place = placeOf(scope.source, relation.target.span);
  if (binding?.kind !== "declaration") {
    if (from?.bindings.get(name)?.some((candidate) => candidate.kind === "namespace")) return null;
    const names = [...(from?.bindings ?? [])].filter(([, list]) => list.some((candidate) => candidate.kind === "declaration" && candidate.word === node.word.text)).map(([key]) => key);
    sink.report(unknownName, place, { name: dotted(relation.target), wanted: `a \`${node.word.text}\` to extend`, suggestion: didYouMean(name, names.filter((other) => other !== node.name.text)) });
    return null;
  }
  const target = [...opening].find((open) => binding.place.file === scope.source.file && open.name.span.start === binding.place.span.start && open.word.text === binding.word);
  if (target) {
    sink.report(definedByItself, place, { name });
    return null;
  }
  return binding.declared();
}

function checkForm(node: Declaration, block: BlockDefinition, scope: FileScope, sink: Sink): void {
  if (node.value && (block.form === "fields" || block.form === "model")) {
    sink.report(misplaced, placeOf(scope.source, node.value.span), { what: "a value", where: `a \`${node.word.text}\``, instead: "give a block `{ … }`" });
  } else if (node.body && block.form === "value") {
    sink.report(misplaced, placeOf(scope.source, node.body.span), { what: "a block", where: `a \`${node.word.text}\``, instead: `write \`${node.word.text} ${node.name.text} = …\`` });
  }
}

function parametersOf(node: Declaration, base: Declared | null, scope: FileScope, sink: Sink): DeclaredParameter[] {
  const list: DeclaredParameter[] = [...(base?.parameters ?? [])];
  const relation = node.relations.find((candidate) => candidate.word === "extends");
  for (const argument of base ? (relation?.arguments ?? []) : []) {
    const place = placeOf(scope.source, argument.span);
    const position = argument.name ? list.findIndex((parameter) => parameter.name === argument.name!.text) : relation!.arguments!.indexOf(argument);
    const parameter = list[position];
    if (!parameter) {
      sink.report(unknownName, place, { name: argument.name?.text ?? `argument ${position + 1}`, wanted: `a parameter of \`${base!.name}\``, suggestion: argument.name && didYouMean(argument.name.text, list.map((p) => p.name)) });
      continue;
    }
    const origin: Origin = { how: "override", place, ...(parameter.value ? { history: parameter.value.origin } : {}) };
    list[position] = { ...parameter, value: { expression: argument.value, scope, origin } };
  }
  const own = new Set<string>();
  for (const parameter of node.parameters ?? []) {
    const made = ownParameter(parameter, scope);
    if (own.has(made.name)) sink.report(duplicateName, made.place, { name: made.name, what: "parameter" });
    own.add(made.name);
    const index = list.findIndex((other) => other.name === made.name);
    if (index >= 0) list[index] = made;
    else list.push(made);
  }
  return list;
}

function ownParameter(parameter: Parameter, scope: FileScope): DeclaredParameter {
  const value: Thunk | null = parameter.value ? { expression: parameter.value, scope, origin: { how: "parameter", place: placeOf(scope.source, parameter.value.span) } } : null;
  return { name: parameter.name.text, place: placeOf(scope.source, parameter.name.span), value, declaredIn: scope.source };
}
