// Concrete syntax of blocks → statements, and what is wrong with their form.

import type { CstNode, IToken } from "chevrotain";
import type { Block, Expression, Field, Item, Let, Name, Parameter, Reference, Span, Statement } from "./ast.ts";
import { buildArguments, buildExpression, buildList, buildReference, describe, nameOf, reportExtra } from "./build-expressions.ts";
import { child, children, choice, extent, inOrder, token } from "./cst.ts";
import { missingColon } from "./diagnostics/PT1110-missing-colon.ts";
import { wrongSeparator } from "./diagnostics/PT1111-wrong-separator.ts";
import { missingComma } from "./diagnostics/PT1112-missing-comma.ts";
import { sectionAfterComma } from "./diagnostics/PT1114-section-after-comma.ts";
import { missingValue } from "./diagnostics/PT1115-missing-value.ts";
import { unexpectedText } from "./diagnostics/PT1116-unexpected-text.ts";
import { misplacedStatement } from "./diagnostics/PT1117-misplaced-statement.ts";
import { malformedStatement } from "./diagnostics/PT1118-malformed-statement.ts";
import { missingName } from "./diagnostics/PT1120-missing-name.ts";
import { reservedName } from "./diagnostics/PT1122-reserved-name.ts";
import { unitName } from "./diagnostics/PT1123-unit-name.ts";
import { badParameter } from "./diagnostics/PT1126-bad-parameter.ts";
import { spanOf } from "./lex.ts";
import type { Reporter } from "./report.ts";
import { reservedWords, statementWords } from "./tokens.ts";
import { unitOf } from "./units.ts";

/** The text of the documentation right above an offset. */
export type DocAt = (offset: number) => string | undefined;

/** The forms of the statement words, for messages. */
const forms: Readonly<Record<string, string>> = {
  repeat: "repeat count { … }", vary: "vary field in { … }", remove: "remove field", encoder: "encoder { … }", decoder: "decoder { … }",
  head: "head name { … }", weights: "weights name { … }",
};

/** The block of a `block` node. */
export function buildBlock(node: CstNode, reporter: Reporter, docAt: DocAt): Block {
  const statements: Statement[] = [];
  let before: { statement: Statement; comma: IToken | undefined } | undefined;
  let separated = true;
  for (const statement of children(node, "statement")) {
    const picked = choice(statement);
    if (!picked) continue;
    if (picked.rule === "Comma") {
      if (separated) reportExtra(picked.element as IToken, reporter);
      else if (before) before = { ...before, comma: picked.element as IToken };
      separated = true;
      continue;
    }
    separated = false;
    if (picked.rule === "block") {
      const joined = joinBlock(picked.element as CstNode, before, reporter, docAt);
      if (joined) statements[statements.length - 1] = joined;
      before = undefined;
      continue;
    }
    if (picked.rule === "stray") {
      const field = before && !before.comma && fieldWithoutColon(picked.element as CstNode, before.statement, reporter, docAt);
      if (field) statements[statements.length - 1] = field;
      else reportStray(picked.element as CstNode, reporter);
      before = undefined;
      continue;
    }
    const built = buildStatement(statement, reporter, docAt);
    if (built) statements.push(built);
    before = built && { statement: built, comma: undefined };
  }
  return { kind: "block", statements, span: extent(node) };
}

/** `head lm, { … }`: the comma cuts the block off from its section. A block without that has no name at all. */
function joinBlock(node: CstNode, before: { statement: Statement; comma: IToken | undefined } | undefined, reporter: Reporter, docAt: DocAt): Statement | undefined {
  const owner = before?.comma && openForBlock(before.statement) ? before.statement : undefined;
  const comma = before?.comma;
  const name = owner && ("word" in owner ? owner.word : owner.name.text);
  reporter.report(sectionAfterComma, { start: extent(node).start, end: extent(node).start + 1 }, name === undefined ? {} : { name },
    { fix: owner && comma ? { title: "Remove the comma", span: spanOf(comma), text: "" } : undefined });
  const body = buildBlock(node, reporter, docAt);
  return owner && { ...owner, body, span: { start: owner.span.start, end: body.span.end } };
}

/** A section that the comma left without its block. */
function openForBlock(statement: Statement): statement is Item | Extract<Statement, { kind: "section" | "stack" }> {
  return (statement.kind === "item" && !statement.body) || ((statement.kind === "section" || statement.kind === "stack") && statement.body.span.start === statement.body.span.end);
}

/** `width 128`: an item and then a value that no statement begins with. */
function fieldWithoutColon(stray: CstNode, before: Statement, reporter: Reporter, docAt: DocAt): Field | undefined {
  const value = child(stray, "expression");
  if (before.kind !== "item" || before.arguments || before.body || !value || hasOmitted(value) || children(stray, "junk").length > 0 || children(stray, "expression").length > 1) return undefined;
  const end = before.span.end;
  if (!value.children["Unknown"] && !itemPaths.has(before)) reporter.report(missingColon, before.span, { name: before.name.text }, { fix: { title: "Insert `:`", span: { start: end, end }, text: ":" } });
  const path: Reference = itemPaths.get(before) ?? { kind: "reference", parts: [before.name], span: before.name.span };
  const built = buildExpression(value, reporter);
  return built && withDoc<Field>({ kind: "field", path, value: built, span: { start: before.span.start, end: built.span.end } }, docAt);
}

/** Reports text that begins no statement, once for a run of it; the inside of its values is still checked. */
export function reportStray(stray: CstNode, reporter: Reporter): void {
  const parts = inOrder(stray);
  const known = parts.some(({ element }) => "children" in element && (element.children["Unknown"] || hasOmitted(element)));
  if (!known) reporter.report(unexpectedText, extent(stray), { found: describe(stray), where: "at the beginning of a statement" });
}

/** Whether something was left out here because it is nested too deeply. */
function hasOmitted(expression: CstNode): boolean {
  return children(expression, "primary").some((primary) => token(primary, "Omitted") !== undefined);
}

/** The statement of a `statement` node that is neither comma, bare block nor stray; undefined if it says too little. */
export function buildStatement(statement: CstNode, reporter: Reporter, docAt: DocAt): Statement | undefined {
  const { rule, element } = choice(statement)!;
  const node = element as CstNode;
  switch (rule) {
    case "letting": return buildLet(node, reporter, docAt);
    case "field": return buildField(node, reporter, docAt);
    case "removing": {
      const path = child(node, "reference");
      if (path) return { kind: "remove", path: buildReference(path, reporter), span: extent(node) };
      return malformed("remove", node, reporter);
    }
    case "repeating": {
      const count = child(node, "expression");
      const body = child(node, "block");
      if (!count || !body) malformed("repeat", node, reporter);
      const value = count && buildExpression(count, reporter);
      const block = body && buildBlock(body, reporter, docAt);
      return block && { kind: "repeat", count: value ?? { kind: "number", value: 1, raw: "1", percent: false, span: block.span }, body: block, span: extent(node) };
    }
    case "varying": return buildVary(node, reporter, docAt);
    case "section": return buildSection(node, reporter, docAt);
    case "item": return buildItem(node, reporter, docAt);
    default:
      reporter.report(misplacedStatement, extent(node), { found: "an import", wanted: "imports stand at the top of the file" });
      return undefined;
  }
}

function malformed(word: string, node: CstNode, reporter: Reporter): undefined {
  reporter.report(malformedStatement, extent(node), { word, form: forms[word]! });
}

/** `let name = value`; undefined without a name or a value, which is reported. */
export function buildLet(node: CstNode, reporter: Reporter, docAt: DocAt): Let | undefined {
  const named = child(node, "named");
  const span = extent(node);
  const name = named && declaredName(named, reporter);
  if (!name) reporter.report(missingName, { start: span.start, end: span.start + 3 }, { after: "let" });
  const equals = token(node, "Equals");
  const colon = token(node, "Colon");
  const expression = child(node, "expression");
  if (colon) reporter.report(wrongSeparator, spanOf(colon), { written: ":", wanted: "=", what: "the value of a `let`" }, { fix: { title: "Write `=`", span: spanOf(colon), text: " =" } });
  else if (name && !equals && expression) {
    const end = name.span.end;
    reporter.report(wrongSeparator, name.span, { written: "", wanted: "=", what: "the value of a `let`" }, { fix: { title: "Insert `=`", span: { start: end, end }, text: " =" } });
  } else if (name && !expression) reporter.report(missingValue, span, { after: equals ? "=" : `let ${name.text}` });
  const value = expression && buildExpression(expression, reporter);
  return name && value && withDoc<Let>({ kind: "let", name, value, span }, docAt);
}

function buildField(node: CstNode, reporter: Reporter, docAt: DocAt): Field | undefined {
  const reference = child(node, "reference");
  const label = token(node, "Text");
  const path = reference ? buildReference(reference, reporter) : buildLabel(label!, reporter);
  const equals = token(node, "Equals");
  if (equals) reporter.report(wrongSeparator, spanOf(equals), { written: "=", wanted: ":", what: "a field" }, { fix: { title: "Write `:`", span: spanOf(equals), text: ":" } });
  const block = child(node, "block");
  const expression = child(node, "expression");
  if (!block && !expression) reporter.report(missingValue, extent(node), { after: reporter.text.slice(path.span.start, path.span.end) + (equals ? " =" : ":") });
  const value = block ? buildBlock(block, reporter, docAt) : expression && buildExpression(expression, reporter);
  return value && withDoc<Field>({ kind: "field", path, value, span: { start: path.span.start, end: value.span.end } }, docAt);
}

function buildLabel(label: IToken, reporter: Reporter): Field["path"] {
  const literal = buildExpression({ name: "expression", children: { primary: [{ name: "primary", children: { Text: [label] } }] } }, reporter);
  return literal as Extract<Expression, { kind: "string" }>;
}

function buildVary(node: CstNode, reporter: Reporter, docAt: DocAt): Statement | undefined {
  const reference = child(node, "reference");
  const list = child(node, "list");
  const target = reference ? buildReference(reference, reporter) : list && buildList(list, reporter);
  const block = child(node, "block");
  const expression = child(node, "expression");
  const word = token(node, "Word_in");
  if ((target === undefined) !== (word === undefined) || (!block && !expression) || (!target && !block)) malformed("vary", node, reporter);
  const rows = block ? buildBlock(block, reporter, docAt) : expression && buildExpression(expression, reporter);
  return rows && { kind: "vary", ...(target ? { target } : {}), rows, span: extent(node) };
}

function buildSection(node: CstNode, reporter: Reporter, docAt: DocAt): Statement | undefined {
  const word = (node.children["Word"]![0] as IToken).image as "encoder" | "decoder" | "head" | "weights";
  const span = extent(node);
  const named = child(node, "named");
  const name = named && declaredName(named, reporter);
  const list = child(node, "parameters");
  const block = child(node, "block");
  const stack = word === "encoder" || word === "decoder";
  // A block cut off by a comma is joined, and reported, by the caller; a body of no length marks its place.
  const cut = !block && /^\s*,\s*\{/.test(reporter.text.slice(span.end, span.end + 200));
  if ((!block && !cut) || (stack ? list : !name)) malformed(word, node, reporter);
  const body: Block = block ? buildBlock(block, reporter, docAt) : { kind: "block", statements: [], span: { start: span.end, end: span.end } };
  if (!block && !cut) return undefined;
  if (stack) return { kind: "stack", word, ...(name ? { name } : {}), body, span };
  const parameters = list && buildParameters(list, reporter);
  return name && { kind: "section", word, name, ...(parameters ? { parameters } : {}), body, span };
}

/** Dotted paths that stand as items are mistakes, but a missing colon needs the whole path. */
const itemPaths = new WeakMap<Statement, Reference>();

function buildItem(node: CstNode, reporter: Reporter, docAt: DocAt): Statement {
  const path = buildReference(child(node, "reference")!, reporter);
  const args = child(node, "args");
  const block = child(node, "block");
  const values = args && buildArguments(args, reporter);
  const body = block && buildBlock(block, reporter, docAt);
  const span = { start: path.span.start, end: body ? body.span.end : args ? extent(args).end : path.span.end };
  const item: Item = { kind: "item", name: path.parts[0]!, span, ...(values ? { arguments: values } : {}), ...(body ? { body } : {}) };
  if (path.parts.length > 1) {
    const end = path.span.end;
    reporter.report(missingColon, path.span, { name: reporter.text.slice(path.span.start, path.span.end) }, { fix: { title: "Insert `:`", span: { start: end, end }, text: ":" } });
    const value = block && !args ? item.body : undefined;
    if (value) return { kind: "field", path, value, span };
    itemPaths.set(item, path);
  }
  return item;
}

/** The parameters between parentheses. */
export function buildParameters(node: CstNode, reporter: Reporter): Parameter[] {
  const result: Parameter[] = [];
  let separated = true;
  let comma: IToken | undefined;
  for (const parameter of children(node, "parameter")) {
    const separator = token(parameter, "Comma");
    if (separator) {
      if (separated) reportExtra(separator, reporter);
      comma = separator;
      separated = true;
      continue;
    }
    const named = child(parameter, "named");
    const span = extent(parameter);
    if (!named) {
      const known = child(parameter, "expression")?.children["Unknown"];
      if (!known) reporter.report(badParameter, span, { found: describe(parameter) });
      separated = false;
      continue;
    }
    const name = declaredName(named, reporter);
    if (!separated) {
      const end = result.at(-1)?.span.end ?? span.start;
      reporter.report(missingComma, name.span, { what: "parameters" }, { fix: { title: "Insert a comma", span: { start: end, end }, text: "," } });
    }
    separated = false;
    const colon = token(parameter, "Colon");
    if (colon) reporter.report(wrongSeparator, spanOf(colon), { written: ":", wanted: "=", what: "a parameter's default" }, { fix: { title: "Write `=`", span: spanOf(colon), text: " =" } });
    const expression = child(parameter, "expression");
    if (!expression && (colon || token(parameter, "Equals"))) reporter.report(missingValue, span, { after: `${name.text} =` });
    const value = expression && buildExpression(expression, reporter);
    result.push({ kind: "parameter", name, ...(value ? { value } : {}), span });
  }
  if (separated && comma && result.length > 0) reportExtra(comma, reporter);
  return result;
}

/** A name that is being declared: no word of the grammar, no unit. */
export function declaredName(node: CstNode, reporter: Reporter): Name {
  const word = token(node, "Reserved") ?? token(node, "Word")!;
  checkDeclared(word.image, spanOf(word), reporter);
  return nameOf(word);
}

function checkDeclared(word: string, span: Span, reporter: Reporter): void {
  if (reservedWords.includes(word) || statementWords.includes(word)) reporter.report(reservedName, span, { word });
  else if (unitOf(word) && !unitOf(word)!.declarable) reporter.report(unitName, span, { word });
}

/** A form with the documentation right above it. */
export function withDoc<Form extends { readonly span: Span }>(form: Form, docAt: DocAt): Form {
  const doc = docAt(form.span.start);
  return doc === undefined ? form : { ...form, doc };
}
