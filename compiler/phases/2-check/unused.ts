// Parameters, lets and imports that nothing names.

import type { Block, Declaration, Expression, Statement } from "../../../grammar/ast.ts";
import type { BlockDefinition } from "../../../grammar/blocks/define.ts";
import { blocks } from "../../../grammar/blocks/index.ts";
import { unused } from "../../../grammar/diagnostics/PT2008-unused.ts";
import { placeOf, type FileScope } from "../1-resolve/program.ts";
import type { Context } from "./context.ts";

/** Reports for one file; a name counts as used wherever it stands below its scope, whatever it turns out to mean. */
export function reportUnused(scope: FileScope, context: Context): void {
  const { source } = scope;
  const everywhere = new Set<string>();
  for (const item of source.tree.items) {
    if (item.kind === "let") namesOf(item.value, everywhere);
    if (item.kind !== "declaration") continue;
    declarationNames(item, everywhere);
    unusedInDeclaration(item, scope, context);
  }
  for (const item of source.tree.items) {
    if (item.kind === "let" && !everywhere.has(item.name.text) && !importedElsewhere(scope)) context.sink.report(unused, placeOf(source, item.name.span), { name: item.name.text, what: "`let`" });
    if (item.kind !== "import") continue;
    for (const name of item.all ? [item.all] : (item.names ?? [])) {
      const failed = scope.bindings.get(name.text)?.some((binding) => binding.kind === "namespace" && binding.scope() === null);
      if (!everywhere.has(name.text) && !failed) context.sink.report(unused, placeOf(source, name.span), { name: name.text, what: "import" });
    }
  }
}

/** A file of nothing but lets, or of evaluations without a run to measure, is there to be imported: its lets are its content. */
function importedElsewhere({ source, declarations }: FileScope): boolean {
  const isRun = ({ word }: { readonly word: string }): boolean => (blocks as Readonly<Record<string, BlockDefinition>>)[word].run ?? false;
  return !source.tree.items.some((item) => item.kind === "declaration") || (declarations.some(({ word }) => word === "evaluate") && !declarations.some(isRun));
}

function unusedInDeclaration(node: Declaration, scope: FileScope, context: Context): void {
  const used = new Set<string>();
  declarationNames(node, used);
  // In an extension the inherited parts may use a parameter of the same name.
  const extended = node.relations.some((relation) => relation.word === "extends");
  for (const parameter of node.parameters ?? []) {
    if (!used.has(parameter.name.text) && !extended) context.sink.report(unused, placeOf(scope.source, parameter.name.span), { name: parameter.name.text, what: "parameter" });
  }
  const inBlock = (block: Block): void => {
    for (const statement of block.statements) {
      if (statement.kind === "let" && !used.has(statement.name.text) && !extended) context.sink.report(unused, placeOf(scope.source, statement.name.span), { name: statement.name.text, what: "`let`" });
      if (statement.kind === "section") {
        const inner = new Set<string>();
        blockNames(statement.body, inner);
        for (const parameter of statement.parameters ?? []) {
          if (!inner.has(parameter.name.text)) context.sink.report(unused, placeOf(scope.source, parameter.name.span), { name: parameter.name.text, what: "parameter" });
        }
      }
      if ("body" in statement && statement.body) inBlock(statement.body);
    }
  };
  if (node.body) inBlock(node.body);
}

/** Every name that a declaration mentions, its parameters' defaults included. */
export function declarationNames(node: Declaration, names: Set<string>): void {
  for (const parameter of node.parameters ?? []) if (parameter.value) namesOf(parameter.value, names);
  for (const relation of node.relations) {
    names.add(relation.target.parts[0].text);
    relation.arguments?.forEach((argument) => namesOf(argument.value, names));
  }
  if (node.value) namesOf(node.value, names);
  if (node.body) blockNames(node.body, names);
}

function blockNames(block: Block, names: Set<string>): void {
  for (const statement of block.statements) statementNames(statement, names);
}

function configNames(block: Block, names: Set<string>): void {
  for (const statement of block.statements) {
    if (statement.kind !== "item" || statement.name.text !== "config") continue;
    for (const field of statement.body?.statements ?? []) if (field.kind === "field" && field.path.kind === "reference") names.add(field.path.parts[0].text);
  }
}

function statementNames(statement: Statement, names: Set<string>): void {
  switch (statement.kind) {
    case "let":
      namesOf(statement.value, names);
      break;
    case "field":
      if (statement.value.kind === "block") blockNames(statement.value, names);
      else namesOf(statement.value, names);
      break;
    case "section":
      blockNames(statement.body, names);
      // `config { layers: "n_layer" }` gives our parameter from their key: both ways it is needed.
      if (statement.word === "weights") configNames(statement.body, names);
      statement.parameters?.forEach((parameter) => parameter.value && namesOf(parameter.value, names));
      break;
    case "stack":
      blockNames(statement.body, names);
      break;
    case "repeat":
      namesOf(statement.count, names);
      blockNames(statement.body, names);
      break;
    case "vary":
      if (statement.rows.kind === "block") blockNames(statement.rows, names);
      else namesOf(statement.rows, names);
      break;
    case "item":
      names.add(statement.name.text);
      statement.arguments?.forEach((argument) => namesOf(argument.value, names));
      if (statement.body) blockNames(statement.body, names);
      break;
    case "remove":
      break;
  }
}

function namesOf(expression: Expression, names: Set<string>): void {
  switch (expression.kind) {
    case "reference":
      names.add(expression.parts[0].text);
      break;
    case "call":
      names.add(expression.target.parts[0].text);
      expression.arguments.forEach((argument) => namesOf(argument.value, names));
      break;
    case "list":
      expression.items.forEach((item) => namesOf(item, names));
      break;
    case "unary":
      namesOf(expression.operand, names);
      break;
    case "binary":
      namesOf(expression.left, names);
      namesOf(expression.right, names);
      break;
    case "group":
      namesOf(expression.inner, names);
      break;
  }
}
