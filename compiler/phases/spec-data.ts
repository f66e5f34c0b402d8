// Data sources and objectives in a resolved spec: paths from the entry file, labels that were read from files, fields written out.

import type { Argument, Expression } from "../../grammar/ast.ts";
import type { Declared, Entry, Scope } from "./1-resolve/program.ts";
import type { Context } from "./2-check/context.ts";
import { pathFrom } from "./2-check/paths.ts";
import { contentOf, leafFields, type Corruption, type Pair } from "../objectives/tree.ts";
import { declaration, field, name, nowhere, text } from "./spec-expressions.ts";
import type { Writer } from "./spec-text.ts";

export function columnOf(declared: Declared, column: string): Entry | undefined {
  return declared.fields.get("columns")?.section?.get(column);
}

/** A labelled column that leaves its labels to the files. */
export function isUnnamed(declared: Declared, column: string): boolean {
  const expression = columnOf(declared, column)?.thunk?.expression;
  return expression !== undefined && (expression.kind === "reference" || (expression.kind === "call" && expression.arguments.every((argument) => argument.name?.text !== "labels")));
}

/** `class` with its labels. */
export function labelled(column: Expression, labels: readonly string[]): Expression {
  const given: Argument = { kind: "argument", name: name("labels"), value: { kind: "list", items: labels.map(text), span: nowhere }, span: nowhere };
  return column.kind === "call" ? { ...column, arguments: [...column.arguments, given] } : column.kind === "reference" ? { kind: "call", target: column, arguments: [given], span: nowhere } : column;
}

/** Paths as they are from the folder of the entry file. */
export function pathsAdjusted(key: string, expression: Expression, scope: Scope, context: Context): Expression {
  if (key !== "files" && key !== "file" && key !== "clean") return expression;
  if (expression.kind === "string") return text(pathFrom(expression.value, scope, context));
  if (expression.kind === "list") return { ...expression, items: expression.items.map((item) => pathsAdjusted(key, item, scope, context)) };
  // Texts inside rules of cleaning are lists of words: `no_bad_words("list.txt")`.
  if (expression.kind === "call") return { ...expression, arguments: expression.arguments.map((argument) => ({ ...argument, value: pathsAdjusted(key, argument.value, scope, context) })) };
  return expression;
}

/** A declared objective with its fields written out. Two runs may have different ones of a name. */
export function writeObjective(leaf: Corruption | Pair, writer: Writer): string {
  const content = contentOf(leaf);
  const known = writer.objectives.get(content);
  if (known !== undefined) return known;
  let free = leaf.name;
  for (let i = 2; [...writer.objectives.values()].includes(free); i++) free = `${leaf.name}_${i}`;
  writer.objectives.set(content, free);
  writer.items.push(declaration("objective", free, [], leafFields(leaf).map(([key, value]) => field(key, value))));
  return free;
}
