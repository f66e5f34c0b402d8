// Concrete syntax of a file → Tree.

import type { CstNode, IToken } from "chevrotain";
import type { Comment, Declaration, Import, Let, Relation, Tree } from "./ast.ts";
import { buildArguments, buildExpression, buildName, buildReference } from "./build-expressions.ts";
import { buildBlock, buildLet, buildParameters, buildStatement, declaredName, type DocAt, reportStray, withDoc } from "./build-statements.ts";
import { child, children, choice, extent, inOrder, token } from "./cst.ts";
import { missingComma } from "./diagnostics/PT1112-missing-comma.ts";
import { wrongSeparator } from "./diagnostics/PT1111-wrong-separator.ts";
import { missingValue } from "./diagnostics/PT1115-missing-value.ts";
import { misplacedStatement } from "./diagnostics/PT1117-misplaced-statement.ts";
import { missingName } from "./diagnostics/PT1120-missing-name.ts";
import { missingBody } from "./diagnostics/PT1121-missing-body.ts";
import { unknownRelation } from "./diagnostics/PT1124-unknown-relation.ts";
import { malformedImport } from "./diagnostics/PT1125-malformed-import.ts";
import { spanOf } from "./lex.ts";
import { readString } from "./literals.ts";
import { nearest } from "./nearest.ts";
import type { Reporter } from "./report.ts";

/** The tree of a file whose `file` nodes `parts` hands over in order. Forms that could not be understood are reported and left out. */
export function buildTree(parts: (read: (cst: CstNode) => void) => void, tokens: readonly IToken[], comments: readonly Comment[], reporter: Reporter): Tree {
  const docAt = documentation(tokens, comments, reporter.text);
  const items: (Import | Declaration | Let)[] = [];
  let misplaced = false;
  parts((cst) => inOrder(cst).forEach(({ rule, element }) => {
    const node = element as CstNode;
    const item = rule === "importing" ? buildImport(node, reporter)
      : rule === "letting" ? buildLet(node, reporter, docAt)
      : rule === "declaration" ? buildDeclaration(node, reporter, docAt)
      : undefined;
    if (item) items.push(item);
    if (rule !== "statement") misplaced = false;
    else misplaced = reportMisplaced(node, misplaced, reporter, docAt);
  }));
  return { kind: "tree", span: { start: 0, end: reporter.text.length }, file: reporter.file, text: reporter.text, items, comments };
}

/** A statement outside any declaration. A run of them is one mistake, but the inside of each is still read. */
function reportMisplaced(node: CstNode, reported: boolean, reporter: Reporter, docAt: DocAt): boolean {
  const { rule, element } = choice(node)!;
  const before = reporter.diagnostics.length;
  const span = extent(element);
  const word = reporter.text.slice(span.start, span.end).match(/^[a-z_][a-z0-9_.]*/)?.[0];
  if (rule === "stray") {
    if (!reported) reportStray(element as CstNode, reporter);
    return true;
  }
  if (rule === "Comma") return reported;
  if (!reported) {
    const found = rule === "block" ? "a block without a name" : word ? `\`${word}\`` : "this";
    reporter.report(misplacedStatement, word ? { start: span.start, end: span.start + word.length } : span, { found, wanted: "outside a declaration stand imports, `let`s and declarations (`model name { … }`)" });
  }
  if (rule === "block") buildBlock(element as CstNode, reporter, docAt);
  else buildStatement(node, reporter, docAt);
  return reporter.diagnostics.length >= before;
}

function buildImport(node: CstNode, reporter: Reporter): Import | undefined {
  const span = extent(node);
  const text = token(node, "Text");
  const star = token(node, "Operator");
  const brace = token(node, "LeftBrace");
  const whole = star && child(node, "named");
  const names = brace ? children(node, "named").filter((name) => name !== whole) : [];
  const lone = !star && children(node, "named").some((name) => !brace || extent(name).start < brace.startOffset);
  const incomplete = lone || !text || !token(node, "Word_from") || (star ? !token(node, "Word_as") || !whole || brace : names.length === 0) || ["junk", "expression", "block"].some((rule) => child(node, rule));
  if (incomplete) reporter.report(malformedImport, span, {});
  if (!text || (!whole && names.length === 0)) return undefined;
  const from = readString(text.image, spanOf(text), reporter);
  if (whole && !brace) return { kind: "import", all: declaredName(whole, reporter), from, span };
  const commas = (node.children["Comma"] ?? []) as IToken[];
  if (!incomplete && commas.length < names.length - 1) {
    const gap = names.findIndex((name, i) => i > 0 && !commas.some((comma) => comma.startOffset > extent(names[i - 1]!).start && comma.startOffset < extent(name).start));
    const end = extent(names[gap - 1]!).end;
    reporter.report(missingComma, extent(names[gap]!), { what: "names" }, { fix: { title: "Insert a comma", span: { start: end, end }, text: "," } });
  }
  return { kind: "import", names: names.map((name) => buildName(name, reporter)), from, span };
}

function buildDeclaration(node: CstNode, reporter: Reporter, docAt: DocAt): Declaration | undefined {
  const span = extent(node);
  const first = token(node, "Word")!;
  const word = { kind: "name", text: first.image, span: spanOf(first) } as const;
  const named = child(node, "named");
  const name = named && declaredName(named, reporter);
  if (!name) reporter.report(missingName, word.span, { after: word.text });
  const list = child(node, "parameters");
  const parameters = list && buildParameters(list, reporter);
  const relations = children(node, "relation").map((relation) => buildRelation(relation, reporter)).filter((relation) => relation !== undefined);
  const block = child(node, "block");
  const body = block && buildBlock(block, reporter, docAt);
  const expression = child(node, "expression");
  const equals = token(node, "Equals");
  const value = expression && buildExpression(expression, reporter);
  const colon = token(node, "Colon");
  if (colon) reporter.report(wrongSeparator, spanOf(colon), { written: ":", wanted: "{", what: "the block of a declaration" }, { fix: { title: "Remove `:`", span: spanOf(colon), text: "" } });
  if (equals && !expression) reporter.report(missingValue, spanOf(equals), { after: "=" });
  else if (name && !block && !expression) reporter.report(missingBody, span, { word: word.text, name: name.text });
  // A declaration without a body is still declared, so that its uses are not errors too.
  return name && withDoc<Declaration>({
    kind: "declaration", word, name, relations, span,
    ...(parameters ? { parameters } : {}), ...(body ? { body } : value ? { value } : {}),
  }, docAt);
}

function buildRelation(node: CstNode, reporter: Reporter): Relation | undefined {
  const first = token(node, "Word")!;
  const known = ["extends", "from", "of"];
  const near = nearest(first.image, known)[0];
  const word = (known.includes(first.image) ? first.image : near) as Relation["word"] | undefined;
  if (!known.includes(first.image)) {
    reporter.report(unknownRelation, spanOf(first), { word: first.image, ...(near ? { near } : {}) }, { fix: near ? { title: `Write \`${near}\``, span: spanOf(first), text: near } : undefined });
  }
  const reference = child(node, "reference");
  const args = child(node, "args");
  if (!reference) {
    reporter.report(missingName, spanOf(first), { after: first.image });
    return undefined;
  }
  const target = buildReference(reference, reporter);
  return word && { kind: "relation", word, target, ...(args ? { arguments: buildArguments(args, reporter) } : {}), span: extent(node) };
}

/** Documentation by the offset of the token it stands above: a run of `///` lines of their own with nothing but space between. */
function documentation(tokens: readonly IToken[], comments: readonly Comment[], text: string): DocAt {
  const docs = new Map<number, string>();
  let next = 0;
  let run: Comment[] = [];
  comments.forEach((comment, i) => {
    while (next < tokens.length && (tokens[next]!.startOffset < comment.span.start || tokens[next]!.image === "")) next++;
    const before = tokens[next - 1];
    const ownLine = !before || /[\r\n]/.test(text.slice(spanOf(before).end, comment.span.start));
    if (comment.documentation && ownLine) run.push(comment);
    else run = [];
    const following = tokens[next];
    const last = comments[i + 1] === undefined || (following !== undefined && comments[i + 1]!.span.start > following.startOffset);
    if (!last) return;
    if (following && run.length > 0) docs.set(following.startOffset, run.map((line) => line.text.slice(3).replace(/^ /, "").trimEnd()).join("\n"));
    run = [];
  });
  return (offset) => docs.get(offset);
}
