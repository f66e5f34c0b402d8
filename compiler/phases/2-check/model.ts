// A model with its arguments: parameters bound, repeats unrolled, names made, widths inferred and checked.

import type { Field, Item, Section, Stack as StackNode, Statement } from "../../../grammar/ast.ts";
import { noEmbedding } from "../../../grammar/diagnostics/PT4005-no-embedding.ts";
import { noStack } from "../../../grammar/diagnostics/PT4006-no-stack.ts";
import { unpooledBranch } from "../../../grammar/diagnostics/PT4014-unpooled-branch.ts";
import { wrongBranches } from "../../../grammar/diagnostics/PT4015-wrong-branches.ts";
import { widthChanges } from "../../../grammar/diagnostics/PT4001-width-changes.ts";
import { unknownField } from "../../../grammar/diagnostics/PT3001-unknown-field.ts";
import { unknownName } from "../../../grammar/diagnostics/PT2002-unknown-name.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { didYouMean } from "../../../grammar/nearest.ts";
import { parse } from "../../../grammar/parse.ts";
import { readsEncoder, type Architecture, type Branch, type Head, type Instance, type Scheme, type Stack } from "../../architecture.ts";
import type { Overlaid } from "../1-resolve/merge-model.ts";
import { bind, childScope, type Binding, type Declared, type Origin, type Scope, type Thunk } from "../1-resolve/program.ts";
import { bindParameters, type Given } from "./calls.ts";
import { at, injectedNumber, silent, thunkOf, type Context } from "./context.ts";
import { embedding } from "./embedding.ts";
import { evaluate } from "./evaluate.ts";
import { tokenOf } from "./instances.ts";
import { container, type Container } from "./naming.ts";
import { shareWeights } from "./share.ts";
import { steps, type Flow } from "./steps.ts";
import { plain } from "./values.ts";
import { weightsMap } from "./weights-map.ts";

export interface ModelOptions {
  readonly place: Place;
  /** Size of the tokenizer: the value of a parameter `vocab` that the call does not give. */
  readonly vocab?: { readonly value: number; readonly origin: Origin };
  /** Id of a special token; null when the tokenizer lacks it (reported), undefined when there is no tokenizer to ask. */
  readonly tokenId?: (name: string, place: Place) => number | null | undefined;
  /** A head that the model gets where it declares none of this name; `body` from the stack that a head reads. */
  readonly usualHead?: { readonly name: string; readonly reads: Stack["reads"]; readonly body: (stack: Stack) => string };
  /** Values of head parameters (`classes`), by name. */
  readonly headValues?: Readonly<Record<string, number>>;
  /** For checking a model that nothing calls: parameters without a value count as this. */
  readonly assume?: number;
}

/** State of one instantiation. */
export interface Making {
  readonly context: Context;
  readonly options: ModelOptions;
  readonly inner: (file: Scope) => Scope;
  /** Instances of `let`s inside the model, one each time its block is executed. */
  readonly named: Map<Binding, Instance>;
  readonly letPaths: Map<Binding, string>;
  /** Position schemes of `let`s. */
  readonly schemes: Map<Binding, Scheme>;
  /** Stacks made so far, and the names of those that could not be. */
  readonly stacks: Stack[];
  readonly missing: Set<string>;
  count: { layers: number };
  /** Only to learn a width: nothing that is made counts. */
  readonly trial?: true;
}

/** Null after a report. */
export function instantiate(declared: Declared, given: Given, options: ModelOptions, context: Context): Architecture | null {
  const before = context.sink.errors;
  const assumed: Record<string, Thunk> = {};
  for (const parameter of declared.parameters) {
    if (parameter.name === "vocab" && options.vocab) assumed.vocab = injectedNumber(options.vocab.value, declared.scope, options.vocab.origin);
    else if (!parameter.value && options.assume !== undefined) assumed[parameter.name] = injectedNumber(options.assume, declared.scope, { how: "assumed", place: parameter.place });
  }
  const inner = bindParameters(declared, given, options.place, context, assumed);
  if (!inner) return null;
  const stacks: Stack[] = [];
  const making: Making = { context, options, inner, named: new Map(), letPaths: new Map(), schemes: new Map(), stacks, missing: new Set(), count: { layers: 0 } };
  const own = inner(declared.scope);
  const whole = container("");
  for (const sourced of declared.statements) {
    const { statement } = sourced;
    if (statement.kind === "let") bindLet(statement, inner(sourced.scope), whole, making);
    if (statement.kind === "stack") {
      const stack = makeStack(statement, sourced, making);
      if (stack) stacks.push(stack);
      else making.missing.add(statement.name?.text ?? statement.word);
    }
  }
  if (!stacks.length && context.sink.errors === before && !lostBase(declared)) context.sink.report(noStack, declared.place, { name: declared.name });
  const heads: Head[] = [];
  for (const { statement, scope } of declared.statements) {
    if (statement.kind === "section" && statement.word === "head" && stacks.length) {
      const head = makeHead(statement, scope, stacks, making);
      if (head) heads.push(head);
    }
  }
  const usual = options.usualHead;
  if (usual && stacks.length && !declared.statements.some(({ statement }) => statement.kind === "section" && statement.word === "head" && statement.name.text === usual.name)) {
    const read = stacks.filter(({ reads }) => reads === usual.reads);
    const stack = readStack(undefined, read.length ? read : stacks, declared.scope, context)!;
    const { statement, scope } = usualHead(usual.name, `${stacks.length > 1 ? `reads: ${stack.path} ` : ""}${usual.body(stack)}`, declared);
    const head = makeHead(statement, scope, stacks, making);
    if (head) heads.push({ ...head, place: declared.place, usual: true });
  }
  // Those that are written, also where one of them could not be made: its error is reported once.
  const headNames = declared.statements.flatMap(({ statement }) => (statement.kind === "section" && statement.word === "head" ? [statement.name.text] : []));
  const maps = declared.statements.flatMap(({ statement, scope }) =>
    statement.kind === "section" && statement.word === "weights" ? [weightsMap(statement, inner(scope), declared, headNames, context)] : []);
  if (context.sink.errors !== before) return null;
  return { name: declared.name, parameters: parameterValues(declared, own, context), stacks, heads, maps, place: declared.place };
}

/** A head from its text, in a file of its own. */
function usualHead(name: string, body: string, declared: Declared): { statement: Section; scope: Scope } {
  const file = `the usual head of ${declared.name}`;
  const text = `model usual {\n  head ${name} { ${body} }\n}\n`;
  const { tree, diagnostics } = parse(text, file);
  const [item] = tree.items;
  const statement = item?.kind === "declaration" ? item.body?.statements[0] : undefined;
  if (diagnostics.length || statement?.kind !== "section") throw new Error(`the head \`${body}\` cannot be read`);
  return { statement, scope: { source: { file, text, tree }, bindings: new Map(), parent: null } };
}

/** What it extends is not there, which has been reported: nothing can be missed in it. */
function lostBase(declared: Declared): boolean {
  return !declared.base && declared.node.relations.some((relation) => relation.word === "extends");
}

/** A `let` of a layer is one instance each time its block runs; any other `let` is just its value. */
export function bindLet(statement: Extract<Overlaid["statement"], { kind: "let" }>, scope: Scope, names: Container, making: Making): void {
  const binding: Binding = {
    kind: "let",
    name: statement.name.text,
    thunk: { expression: statement.value, scope: snapshot(scope), origin: { how: "written", place: at(scope, statement.value.span) } },
    place: at(scope, statement.name.span),
  };
  bind(scope, binding);
  making.letPaths.set(binding, names.claim(statement.name.text));
}

/** A `let` sees what stands above it. */
function snapshot(scope: Scope): Scope {
  return { ...scope, bindings: new Map([...scope.bindings].map(([name, list]) => [name, [...list]])) };
}

function makeStack(node: StackNode, sourced: Overlaid, making: Making): Stack | null {
  const { context } = making;
  const scope = childScope(making.inner(sourced.scope));
  const path = node.name?.text ?? node.word;
  const place = at(scope, node.name?.span ?? { start: node.span.start, end: node.span.start + node.word.length });
  const names = container(path);
  const fields = new Map<string, { node: Field; scope: Scope }>();
  const body: StackNode["body"]["statements"][number][] = [];
  for (const statement of node.body.statements) {
    if (statement.kind === "field") fields.set(pathText(statement), { node: statement, scope });
    else body.push(statement);
  }
  for (const over of sourced.overlay ?? []) {
    if (over.statement.kind === "field") fields.set(pathText(over.statement), { node: over.statement, scope: making.inner(over.scope) });
  }
  const known = ["embed", "start", "share"];
  for (const [name, field] of fields) {
    if (!known.includes(name)) context.sink.report(unknownField, at(field.scope, field.node.path.span), { name, where: `the ${node.word}`, suggestion: didYouMean(name, known), names: known });
  }
  // Lets above the embedding (`let bias = …`) are bound before it is read.
  for (const statement of node.body.statements) {
    if (statement.kind === "let") bindLet(statement, scope, names, making);
  }
  const embed = fields.get("embed");
  if (!embed || embed.node.value.kind === "block") {
    context.sink.report(noEmbedding, place, { stack: path });
    return null;
  }
  const embedded = embedding(embed.node.value, embed.scope === scope ? scope : embed.scope, container(`${path}.embed`), making);
  const layers = body.filter((statement) => statement.kind !== "let");
  if (!embedded) {
    checkWithoutWidth(layers, scope, names, making);
    return null;
  }
  const flow: Flow = { width: embedded.width, table: embedded.table, pooled: false, where: "stream" };
  const made = steps(layers, scope, names, flow, making);
  const start = startOf(fields.get("start"), making);
  if (!made || start === undefined) return null;
  const stack: Stack = { word: node.word, path, embed: embedded.terms, body: made.steps, width: made.flow.width, table: embedded.table, reads: embedded.reads, start, place };
  const given = fields.get("start");
  if (given && !readsEncoder(stack)) {
    context.sink.report(unknownField, at(given.scope, given.node.path.span), { name: "start", where: "a stack that reads no encoder", names: known.filter((name) => name !== "start") });
    return null;
  }
  const share = fields.get("share");
  return share ? shared(stack, share, making) : stack;
}

/** `start: <pad>`: an id where there is a tokenizer, else the token's name; undefined after a report. */
function startOf(field: { node: Field; scope: Scope } | undefined, making: Making): Stack["start"] | undefined {
  if (!field || field.node.value.kind === "block") return null;
  const value = evaluate(thunkOf(field.node.value, field.scope), { type: "any", of: [{ type: "token" }, { type: "integer", minimum: 0 }, { type: "switch", only: "off" }] }, making.context);
  if (value?.kind === "number") return value.value;
  if (value?.kind === "switch" && !value.value) return null;
  if (value?.kind !== "token") return undefined;
  const id = tokenOf(value, making);
  return id === null ? undefined : (id ?? value.name);
}

/** `share: encoder`: this stack's weights are those of the one named, where they correspond. */
function shared(stack: Stack, field: { node: Field; scope: Scope }, making: Making): Stack | null {
  const { value } = field.node;
  const name = value.kind === "reference" ? value.parts.map((part) => part.text).join(".") : "";
  const other = making.stacks.find((one) => one.path === name);
  if (other) return shareWeights(stack, other, making);
  if (value.kind !== "block" && !making.missing.has(name)) making.context.sink.report(unknownName, at(field.scope, value.span), { name, wanted: "a stack that stands above this one", suggestion: didYouMean(name, making.stacks.map((one) => one.path)) });
  return null;
}

/** Reports that hang on sizes: nothing can be said of them while a size is assumed. */
export const sizeDependent = /^PT4|^PT3005|^PT3012|^PT3019/;

/** The layers of a stack whose embedding is wrong: names and types are checked all the same. */
function checkWithoutWidth(statements: readonly Statement[], scope: Scope, names: Container, making: Making): void {
  const quiet = silent(making.context);
  steps(statements, scope, names, { width: 64, table: { vocab: 64, width: 64 }, pooled: false, where: "stream" }, { ...making, context: quiet });
  for (const diagnostic of quiet.sink.diagnostics) if (!sizeDependent.test(diagnostic.code)) making.context.sink.add(diagnostic);
}

function pathText(field: Field): string {
  return field.path.kind === "string" ? field.path.value : field.path.parts.map((part) => part.text).join(".");
}

function makeHead(node: Section, file: Scope, stacks: readonly Stack[], making: Making): Head | null {
  const { context, options } = making;
  const scope = childScope(making.inner(file));
  const assumed: string[] = [];
  for (const parameter of node.parameters ?? []) {
    const value = options.headValues?.[parameter.name.text];
    let thunk: Thunk | null = null;
    if (value !== undefined) thunk = injectedNumber(value, scope, { how: "argument", place: null });
    else if (parameter.value) thunk = thunkOf(parameter.value, scope, "parameter");
    else {
      assumed.push(parameter.name.text);
      thunk = injectedNumber(options.assume ?? 2, scope, { how: "assumed", place: at(scope, parameter.span) });
    }
    bind(scope, { kind: "parameter", name: parameter.name.text, thunk, place: at(scope, parameter.name.span) });
  }
  const reads = node.body.statements.find((statement): statement is Field => statement.kind === "field" && pathText(statement) === "reads");
  const stack = readStack(reads, stacks, scope, context);
  for (const statement of node.body.statements) {
    if (statement.kind === "field" && statement !== reads) context.sink.report(unknownField, at(scope, statement.path.span), { name: pathText(statement), where: "a head", suggestion: didYouMean(pathText(statement), ["reads"]), names: ["reads"] });
  }
  if (!stack) return null;
  const names = container(node.name.text);
  const statements = node.body.statements.filter((statement) => statement.kind !== "field");
  const place = at(scope, node.name.span);
  const sides = statements.filter((statement): statement is Item => statement.kind === "item" && statement.body !== null && stacks.some((one) => one.path === statement.name.text));
  if (sides.length) return branchedHead(node, sides, statements.filter((statement) => !sides.includes(statement as Item)), { stacks, scope, names, place, assumed }, making);
  const flow: Flow = { width: stack.width, table: stack.table, pooled: false, where: "head" };
  const made = steps(statements, scope, names, flow, making);
  return made && { name: node.name.text, stack, body: made.steps, branches: [], width: made.flow.width, place, assumed };
}

interface HeadAt { readonly stacks: readonly Stack[]; readonly scope: Scope; readonly names: Container; readonly place: Place; readonly assumed: readonly string[] }

/** `text { … } image { … } cosine`: two stacks, each with layers of its own, and the layer that compares the results. */
function branchedHead(node: Section, sides: readonly Item[], rest: readonly Statement[], { stacks, scope, names, place, assumed }: HeadAt, making: Making): Head | null {
  const { sink } = making.context;
  const branches = sides.map((side): Branch | null => {
    const stack = stacks.find((one) => one.path === side.name.text)!;
    const made = steps(side.body!.statements, childScope(scope), container(names.claim(side.name.text)), { width: stack.width, table: stack.table, pooled: false, where: "head" }, making);
    if (made && !made.flow.pooled) sink.report(unpooledBranch, at(scope, side.name.span), { name: side.name.text });
    return made && { stack, body: made.steps, width: made.flow.width };
  });
  const [joining, ...more] = rest.filter((statement) => statement.kind !== "let");
  for (const statement of rest) if (statement.kind === "let") bindLet(statement, scope, names, making);
  if (sides.length !== 2 || !joining || more.length) {
    sink.report(wrongBranches, place, { head: node.name.text, branches: sides.length, joins: rest.length });
    return null;
  }
  if (branches.some((branch) => branch === null)) return null;
  const [first, second] = branches as [Branch, Branch];
  if (first.width !== second.width) {
    sink.report(widthChanges, at(scope, sides[1].name.span), { what: "head of two branches", before: first.width, after: second.width });
    return null;
  }
  const made = steps([joining], scope, names, { width: first.width, table: null, pooled: true, where: "join" }, making);
  return made && { name: node.name.text, stack: first.stack, body: made.steps, branches: [first, second], width: made.flow.width, place, assumed };
}

/** A head reads the decoder, else the only encoder, unless `reads` names another. */
function readStack(reads: Field | undefined, stacks: readonly Stack[], scope: Scope, context: Context): Stack | null {
  if (!reads) return stacks.find((stack) => stack.word === "decoder") ?? stacks[0];
  const name = reads.value.kind === "reference" ? reads.value.parts.map((part) => part.text).join(".") : "";
  const found = stacks.find((stack) => stack.path === name);
  if (!found) context.sink.report(unknownName, at(scope, reads.value.span), { name, wanted: "a stack", suggestion: didYouMean(name, stacks.map((stack) => stack.path)) });
  return found ?? null;
}

/** What each parameter came to, as far as it is a plain value. */
function parameterValues(declared: Declared, scope: Scope, context: Context): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const parameter of declared.parameters) {
    const binding = scope.bindings.get(parameter.name)?.[0];
    const thunk = binding?.kind === "parameter" ? binding.thunk : null;
    const value = thunk && evaluate(thunk, { type: "any", of: [{ type: "number" }, { type: "switch" }, { type: "token" }, { type: "word", registry: "activation" }, { type: "string" }, { type: "mask" }] }, silent(context));
    if (value) values[parameter.name] = plain(value);
  }
  return values;
}
