// The resolved spec of a run: one `.pt` text, imports inlined and every value written out. Compiling it gives the same plan.

import type { Argument, Declaration, Expression, Parameter, Reference, Statement } from "../../grammar/ast.ts";
import { blocks } from "../../grammar/blocks/index.ts";
import { printForm, printTree } from "../../grammar/print-ast.ts";
import type { Overlaid } from "./1-resolve/merge-model.ts";
import type { Binding, Declared, Scope, Thunk } from "./1-resolve/program.ts";
import type { Context } from "./2-check/context.ts";
import type { Task } from "./2-check/task.ts";
import { declarationNames } from "./2-check/unused.ts";
import { columnOf, isUnnamed, labelled, pathsAdjusted, writeObjective } from "./spec-data.ts";
import { call, declaration, field, name, nowhere, numberText, plainExpression, rawNumber, reference, relation, text } from "./spec-expressions.ts";
import { checkpointExpression, distinctNames, leavesOf, teachersOf, treeExpression } from "../objectives/tree.ts";
import type { Value } from "./2-check/values.ts";
import type { RunSpec } from "../run-spec.ts";

export interface Writer {
  readonly context: Context;
  readonly items: (Declaration | { kind: "let"; name: ReturnType<typeof name>; value: Expression; span: typeof nowhere })[];
  readonly names: Map<unknown, string>;
  readonly taken: Set<string>;
  /** Objectives have names of their own: lookup is typed. */
  readonly objectives: Map<string, string>;
  /** Classes of the task that is being written: its data names them, so that the text needs no files. */
  readonly classes?: Task["classes"];
  /** Fields that are left out. */
  readonly without?: readonly string[];
}

export function specText(run: RunSpec, context: Context, without: readonly string[] = []): string {
  return textOf((writer) => writeRun(run, { ...writer, without }), context);
}

/** The text that `write` puts together. */
export function textOf(write: (writer: Writer) => void, context: Context): string {
  const writer: Writer = { context, items: [], names: new Map(), taken: new Set(), objectives: new Map() };
  write(writer);
  return printTree({ kind: "tree", file: "spec.pt", text: "", items: writer.items as never, comments: [], span: nowhere }, { inline: ["item"] });
}

/** One model as a text of its own, with these arguments as its defaults. */
export function modelText(declared: Declared, given: Readonly<Record<string, Thunk>>, context: Context): string {
  const writer: Writer = { context, items: [], names: new Map(), taken: new Set(), objectives: new Map() };
  writeModel({ kind: "declaration", declared, arguments: given, origin: { how: "written", place: declared.place } }, writer);
  return printTree({ kind: "tree", file: "spec.pt", text: "", items: writer.items as never, comments: [], span: nowhere });
}

export function writeRun(run: RunSpec, writer: Writer): string {
  const known = writer.names.get(run.declared);
  if (known) return known;
  const from = run.from && { name: writeRun(run.from.run, writer), checkpoint: run.from.checkpoint };
  const model = run.values.model as Value & { kind: "declaration" };
  const modelName = writeModel(model, writer);
  // A parameter's default gives way to the tokenizer's size; what the call says does not.
  const fields: Statement[] = [field("model", call(modelName, model.arguments.vocab ? [{ name: "vocab", value: closed(model.arguments.vocab, writer) }] : []))];
  // In the order of the record, so that the text does not depend on which fields had been left out.
  for (const key of Object.keys(blocks[run.kind].fields)) {
    const value = writer.without?.includes(key) ? undefined : run.values[key];
    // Images have as many positions as they have.
    if (key === "length" && run.task?.image) continue;
    if (key === "length" && !value) fields.push(field("length", numberText(run.length)));
    // What it is compared with are plans of their own.
    else if (key === "compare_with" || (key === "examples" && value?.kind === "list")) continue;
    else if (value && key !== "model") fields.push(valueStatement(key, value, { ...writer, classes: run.task?.classes ?? null }));
  }
  const { name: title } = claim(run.declared, run.name, writer);
  const start = from ? relation("from", from.name, { name: "checkpoint", value: checkpointExpression(from.checkpoint) }) : run.imported && relation("from", "imported", { value: text(run.imported.folder) });
  writer.items.push({ ...declaration(run.kind, title, [], fields), relations: start ? [start] : [] });
  return title;
}

/** A name that is free in the text; what it stands for is written once. */
export function claim(what: unknown, wanted: string, writer: Writer): { name: string; fresh: boolean } {
  const known = writer.names.get(what);
  if (known) return { name: known, fresh: false };
  let free = wanted;
  for (let i = 2; writer.taken.has(free); i++) free = `${wanted}_${i}`;
  writer.taken.add(free);
  writer.names.set(what, free);
  return { name: free, fresh: true };
}

export function valueStatement(key: string, value: Value, writer: Writer): Statement {
  if (value.kind !== "section") return field(key, valueExpression(value, writer));
  const statements = Object.entries(value.fields).map(([inner, innerValue]) => valueStatement(inner, innerValue, writer));
  return { kind: "item", name: name(key), body: { kind: "block", statements, span: nowhere }, span: nowhere };
}

function valueExpression(value: Value, writer: Writer): Expression {
  switch (value.kind) {
    case "call":
      return Object.keys(value.arguments).length ? call(value.word, Object.entries(value.arguments).map(([key, inner]) => ({ name: key, value: valueExpression(inner, writer) }))) : reference(value.word);
    case "mixture":
      return call("mixture", value.entries.map(({ weight, percent, value: inner }) => {
        const of = valueExpression(inner, writer);
        const factor: Expression = percent ? { ...numberText(100 * weight), percent: true, value: weight, raw: `${rawNumber(100 * weight)}%` } as Expression : numberText(weight);
        return { value: weight === 1 && !percent ? of : { kind: "binary", operator: "*", left: factor, right: of, span: nowhere } };
      }));
    case "list":
      return { kind: "list", items: value.items.map((item) => valueExpression(item, writer)), span: nowhere };
    case "data": {
      const title = writeFields(value.declared, writer, writer.classes ?? null);
      return value.part === null ? reference(title) : reference(title, value.part);
    }
    case "objective": {
      const tree = distinctNames(value.objective);
      const names = new Map<object, string>(leavesOf(tree).map((leaf) => [leaf, leaf.arguments ? leaf.name : writeObjective(leaf, writer)]));
      for (const term of teachersOf(tree)) names.set(term, writeRun(writer.context.runs.get(term.declared) as RunSpec, writer));
      return treeExpression(tree, (leaf) => names.get(leaf)!);
    }
    case "declaration":
      return reference(writeFields(value.declared, writer));
    case "mask": case "shown": case "section":
      throw new Error(`a ${value.kind} is no field of a run`);
    default:
      return plainExpression(value);
  }
}

/** A data source or tokenizer: its merged fields as they were written, names and paths adjusted. */
function writeFields(declared: Declared, writer: Writer, classes: Task["classes"] = null): string {
  const labels = classes && !classes.assumed && isUnnamed(declared, classes.column) ? classes : null;
  // With classes it is a source of its own: other runs read the same files without them.
  const { name: title, fresh } = claim(labels ? `${printForm(declared.node)} ${JSON.stringify(labels)}` : declared, declared.name, writer);
  if (!fresh) return title;
  if (declared.value) {
    const { expression, scope } = declared.value;
    writer.items.push(declaration(declared.word, title, [], [], rewrite(expression, scope, new Set(), writer)));
    return title;
  }
  const statements: Statement[] = [];
  const entries = (map: Declared["fields"]): Statement[] =>
    [...map.values()].map((entry): Statement =>
      entry.section
        ? { kind: "item", name: name(entry.name), body: { kind: "block", statements: entries(entry.section), span: nowhere }, span: nowhere }
        : field(entry.name, labels && entry.name === labels.column && entry === columnOf(declared, labels.column) ? labelled(closed(entry.thunk!, writer), labels.labels) : pathsAdjusted(entry.name, closed(entry.thunk!, writer), entry.thunk!.scope, writer.context)));
  statements.push(...entries(declared.fields));
  writer.items.push(declaration(declared.word, title, [], statements));
  return title;
}

/** The model with the call's arguments as its defaults. */
function writeModel(value: Value & { kind: "declaration" }, writer: Writer): string {
  const { declared, arguments: given } = value;
  const own = new Set(declared.parameters.map((parameter) => parameter.name));
  for (const { statement } of declared.statements) if (statement.kind === "let") own.add(statement.name.text);
  const parameters = declared.parameters.map((parameter): Parameter => {
    const argument: Thunk | null = given[parameter.name] ?? null;
    const thunk = argument ?? parameter.value;
    const expression = thunk && (argument ? closed(argument, writer) : rewrite(thunk.expression, thunk.scope, own, writer));
    return { kind: "parameter", name: name(parameter.name), ...(expression ? { value: expression } : {}), span: nowhere };
  });
  const statements = declared.statements.map((sourced) => rewriteStatement(overlaid(sourced), sourced.scope, own, writer));
  const whole = (title: string): Declaration => onlyUsed(declaration("model", title, parameters, statements, undefined, declared.node.doc));
  // Two runs that call a model alike share one text of it.
  const { name: title, fresh } = claim(printForm(whole(declared.name)), declared.name, writer);
  if (fresh) writer.items.push(whole(title));
  return title;
}

/** Without the parameters that only a replaced part of a base used. */
function onlyUsed(node: Declaration): Declaration {
  const used = new Set<string>();
  declarationNames(node, used);
  const parameters = node.parameters?.filter((parameter) => used.has(parameter.name.text));
  if (!parameters || parameters.length === node.parameters!.length) return node;
  const { parameters: _, ...rest } = node;
  return onlyUsed(parameters.length ? { ...rest, parameters } : rest);
}

/** A stack with the fields of extensions in place of its own. */
function overlaid({ statement, overlay }: Overlaid): Statement {
  if (!overlay || statement.kind !== "stack") return statement;
  const names = new Set(overlay.map(({ statement: over }) => (over.kind === "field" ? fieldName(over) : "")));
  const kept = statement.body.statements.filter((inner) => inner.kind !== "field" || !names.has(fieldName(inner)));
  return { ...statement, body: { ...statement.body, statements: [...overlay.map((over) => over.statement), ...kept] } };
}

function fieldName(statement: Extract<Statement, { kind: "field" }>): string {
  return statement.path.kind === "string" ? statement.path.value : statement.path.parts.map((part) => part.text).join(".");
}

/** An argument: names in it belong to the file of the call. */
function closed(thunk: Thunk, writer: Writer): Expression {
  const { expression, overrides } = thunk;
  const written = rewrite(expression, thunk.scope, new Set(), writer);
  if (!overrides?.length || (written.kind !== "call" && written.kind !== "reference")) return written;
  const target = written.kind === "call" ? written.target : written;
  let list: Argument[] = written.kind === "call" ? [...written.arguments] : [];
  for (const { path, thunk: change } of overrides) {
    list = list.filter((argument) => argument.name?.text !== path[0]);
    if (change && path.length === 1) list.push({ kind: "argument", name: name(path[0]), value: closed(change, writer), span: nowhere });
  }
  return { kind: "call", target, arguments: list, span: nowhere };
}

/** The same expression with file-level names written into the text and adjusted; `own` names stay. */
function rewrite(expression: Expression, scope: Scope, own: ReadonlySet<string>, writer: Writer): Expression {
  const again = (inner: Expression): Expression => rewrite(inner, scope, own, writer);
  switch (expression.kind) {
    case "reference":
      return own.has(expression.parts[0].text) ? expression : (renamed(expression, scope, writer) ?? expression);
    case "call": {
      const target = own.has(expression.target.parts[0].text) ? expression.target : (renamed(expression.target, scope, writer) ?? expression.target);
      // `rope()` means `rope`, and is written so: two ways to say the same make one plan.
      if (!expression.arguments.length) return target;
      return { ...expression, target, arguments: expression.arguments.map((argument) => ({ ...argument, value: again(argument.value) })) };
    }
    case "list":
      return { ...expression, items: expression.items.map(again) };
    case "unary":
      return { ...expression, operand: again(expression.operand) };
    case "binary":
      return { ...expression, left: again(expression.left), right: again(expression.right) };
    case "group":
      return { ...expression, inner: again(expression.inner) };
    default:
      return expression;
  }
}

/** The name under which a file-level let or mask stands in the text; null for words of the vocabulary and inner names. */
function renamed(target: Reference, scope: Scope, writer: Writer): Reference | null {
  let file: Scope | null = scope;
  while (file.parent) file = file.parent;
  const parts = target.parts.map((part) => part.text);
  for (const part of parts.slice(0, -1)) {
    const found: Binding | undefined = file?.bindings.get(part)?.find((binding) => binding.kind === "namespace");
    if (found?.kind !== "namespace") return dataPart(target, scope, writer);
    file = found.scope();
  }
  for (const binding of file?.bindings.get(parts.at(-1)!) ?? []) {
    if (binding.kind === "let") {
      const { name: title, fresh } = claim(binding.thunk, binding.name, writer);
      if (fresh) writer.items.push({ kind: "let", name: name(title), value: rewrite(binding.thunk.expression, binding.thunk.scope, new Set(), writer), span: nowhere });
      return reference(title);
    }
    if (binding.kind !== "declaration") continue;
    const declared = binding.declared();
    if (declared.word === "data") return reference(writeFields(declared, writer));
    if (declared.word !== "mask" || !declared.value) continue;
    const { name: title, fresh } = claim(declared, declared.name, writer);
    if (fresh) {
      const own = new Set(declared.parameters.map((parameter) => parameter.name));
      const value = rewrite(declared.value.expression, declared.value.scope, own, writer);
      writer.items.push(declaration("mask", title, declared.node.parameters ?? [], [], value));
    }
    return reference(title);
  }
  return null;
}

/** `novels.valid`. */
function dataPart(target: Reference, scope: Scope, writer: Writer): Reference | null {
  if (target.parts.length !== 2) return null;
  const owner = renamed({ ...target, parts: target.parts.slice(0, 1) }, scope, writer);
  return owner && { ...target, parts: [...owner.parts, target.parts[1]] };
}

function rewriteStatement(statement: Statement, scope: Scope, own: ReadonlySet<string>, writer: Writer): Statement {
  const expression = (inner: Expression, names = own): Expression => rewrite(inner, scope, names, writer);
  const block = <B extends { statements: readonly Statement[] }>(body: B, names = own): B => {
    const inner = new Set(names);
    for (const one of body.statements) if (one.kind === "let") inner.add(one.name.text);
    return { ...body, statements: body.statements.map((one) => rewriteStatement(one, scope, inner, writer)) };
  };
  switch (statement.kind) {
    case "let":
      return { ...statement, value: expression(statement.value) };
    case "field":
      return { ...statement, value: statement.value.kind === "block" ? block(statement.value) : expression(statement.value) };
    case "stack":
      return { ...statement, body: block(statement.body) };
    case "section":
      // Names in `weights` are theirs, or functions of the map.
      return statement.word === "weights" ? statement : { ...statement, body: block(statement.body, new Set([...own, ...(statement.parameters ?? []).map((parameter) => parameter.name.text)])) };
    case "repeat":
      return { ...statement, count: expression(statement.count), body: block(statement.body) };
    case "item": {
      const target = own.has(statement.name.text) ? null : renamed({ kind: "reference", parts: [statement.name], span: nowhere }, scope, writer);
      const args = statement.arguments?.map((argument) => ({ ...argument, value: expression(argument.value) }));
      const { arguments: _, ...rest } = statement;
      return { ...rest, ...(target ? { name: target.parts[0] } : {}), ...(args?.length ? { arguments: args } : {}), ...(statement.body ? { body: block(statement.body) } : {}) };
    }
    default:
      return statement;
  }
}

