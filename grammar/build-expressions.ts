// Concrete syntax of values → expressions, with precedence, and what is wrong with them.

import type { CstElement, CstNode, IToken } from "chevrotain";
import type { Argument, BinaryOperator, Expression, List, Name, Reference, Span } from "./ast.ts";
import { child, children, extent, inOrder, token } from "./cst.ts";
import { missingComma } from "./diagnostics/PT1112-missing-comma.ts";
import { extraComma } from "./diagnostics/PT1113-extra-comma.ts";
import { missingValue } from "./diagnostics/PT1115-missing-value.ts";
import { unexpectedText } from "./diagnostics/PT1116-unexpected-text.ts";
import { blockAsArgument } from "./diagnostics/PT1119-block-as-argument.ts";
import { missingName } from "./diagnostics/PT1120-missing-name.ts";
import { reservedName } from "./diagnostics/PT1122-reserved-name.ts";
import { wrongSeparator } from "./diagnostics/PT1111-wrong-separator.ts";
import { missingOperand } from "./diagnostics/PT1130-missing-operand.ts";
import { chainedComparison } from "./diagnostics/PT1131-chained-comparison.ts";
import { chainedArrow } from "./diagnostics/PT1132-chained-arrow.ts";
import { misplacedNot } from "./diagnostics/PT1133-misplaced-not.ts";
import { spanOf } from "./lex.ts";
import { readNumber, readString } from "./literals.ts";
import type { Reporter } from "./report.ts";

/** Binding strength; `not` is 4, a sign 8. `->` and comparisons do not chain, `^` takes what follows first. */
export const precedence: Readonly<Record<BinaryOperator, number>> = {
  "->": 1, "|": 2, "&": 3, "<": 5, "<=": 5, ">": 5, ">=": 5, "==": 5, "!=": 5, "+": 6, "-": 6, "*": 7, "/": 7, mod: 7, "^": 9,
};

type Piece = { readonly operator: string; readonly span: Span } | { readonly operand: Expression };

/** The expression of an `expression` node; undefined if none of it could be read (which is reported). */
export function buildExpression(node: CstNode, reporter: Reporter): Expression | undefined {
  const pieces: Piece[] = [];
  const operators = node.children["Operator"] as IToken[] | undefined;
  const unknown = node.children["Unknown"]?.[0] as IToken | undefined;
  const primaries = children(node, "primary");
  if (!operators && !unknown && primaries.length === 1) return buildPrimary(primaries[0]!, reporter);
  for (const { rule, element } of inOrder(node)) {
    if (rule === "Unknown") break; // Reported by the lexer; what follows it is not guessed at.
    if (rule === "primary") {
      const operand = buildPrimary(element as CstNode, reporter);
      if (operand) pieces.push({ operand });
    } else pieces.push({ operator: operatorText(element as IToken), span: spanOf(element as IToken) });
  }
  return climbAll(pieces, reporter, unknown !== undefined || (node.children["primary"] ?? []).some((primary) => token(primary as CstNode, "Omitted")));
}

/** What an operator token means; the lexer has reported foreign ones. */
function operatorText(operator: IToken): string {
  return typeof operator.tokenType.PATTERN === "string" ? operator.tokenType.PATTERN : operator.image;
}

/** Precedence climbing over the pieces. `silent` where something of it was reported already. */
function climbAll(pieces: readonly Piece[], reporter: Reporter, silent: boolean): Expression | undefined {
  let at = 0;
  let reported = silent;

  function once(report: () => void): void {
    if (!reported) report();
    reported = true;
  }

  function operand(minimum: number, before: string | undefined): Expression | undefined {
    const piece = pieces[at];
    if (!piece) {
      const last = pieces[at - 1];
      if (last && "operator" in last) once(() => reporter.report(missingOperand, last.span, { operator: last.operator, side: "after" }));
      return undefined;
    }
    if ("operand" in piece) {
      at++;
      return piece.operand;
    }
    if (piece.operator === "-" || piece.operator === "not") {
      at++;
      if (piece.operator === "not" && minimum > 4) once(() => reporter.report(misplacedNot, piece.span, { operator: before ?? "-" }));
      const inner = climb(piece.operator === "not" ? 4 : 8, piece.operator);
      return inner && { kind: "unary", operator: piece.operator, operand: inner, span: { start: piece.span.start, end: inner.span.end } };
    }
    const last = pieces[at - 1];
    once(() => (last && "operator" in last
      ? reporter.report(missingOperand, piece.span, { operator: piece.operator, side: "before" })
      : reporter.report(missingOperand, piece.span, { operator: piece.operator, side: "before" })));
    return undefined;
  }

  function climb(minimum: number, before?: string): Expression | undefined {
    let left = operand(minimum, before);
    let compared: string | undefined;
    let arrow = false;
    for (;;) {
      const piece = pieces[at];
      if (!piece || !("operator" in piece) || !(piece.operator in precedence)) {
        if (!piece || !("operator" in piece)) return left;
        once(() => reporter.report(missingOperand, piece.span, { operator: piece.operator, side: "before" }));
        at++;
        continue;
      }
      const operator = piece.operator as BinaryOperator;
      const strength = precedence[operator];
      if (strength < minimum) return left;
      at++;
      if (strength === 5) {
        const first = compared;
        if (first !== undefined) once(() => reporter.report(chainedComparison, piece.span, { first, second: operator }));
        compared = operator;
      }
      if (strength === 1) {
        if (arrow) once(() => reporter.report(chainedArrow, piece.span, {}));
        arrow = true;
      }
      // `^` takes a sign and a further `^` on its right; everything else takes what binds more tightly.
      const right = climb(operator === "^" ? 8 : strength + 1, operator);
      left = left && right ? { kind: "binary", operator, left, right, span: { start: left.span.start, end: right.span.end } } : left ?? right;
    }
  }

  const result = climb(0);
  return result;
}

/** A primary: a literal, a list, a reference, a call or a group. */
function buildPrimary(node: CstNode, reporter: Reporter): Expression | undefined {
  const args = child(node, "args");
  if (node.children["Word"] && !node.children["NumberText"]) {
    const target = buildReference(node, reporter);
    if (!args) return target;
    return { kind: "call", target, arguments: buildArguments(args, reporter), span: { start: target.span.start, end: extent(args).end } };
  }
  if (args) return buildGroup(args, reporter);
  const number = token(node, "NumberText");
  if (number) {
    const literal = readNumber(number.image, spanOf(number), reporter);
    const unit = token(node, "Word");
    return unit ? { ...literal, unit: nameOf(unit), span: { start: literal.span.start, end: spanOf(unit).end } } : literal;
  }
  const list = child(node, "list");
  if (list) return buildList(list, reporter);
  const text = token(node, "Text");
  if (text) return readString(text.image, spanOf(text), reporter);
  const special = token(node, "TokenName");
  if (special) return { kind: "token", name: special.image.slice(1, -1), span: spanOf(special) };
  const on = token(node, "Word_on");
  const literal = on ?? token(node, "Word_off");
  return literal && { kind: "switch", value: literal === on, span: spanOf(literal) };
}

/** A parenthesised expression. */
function buildGroup(args: CstNode, reporter: Reporter): Expression | undefined {
  const elements = buildElements(args, "values", reporter);
  const span = extent(args);
  if (elements.length === 0) {
    if (children(args, "element").length === 0) reporter.report(missingValue, span, { after: "(" });
    return undefined;
  }
  const extra = elements[1] ?? (elements[0]!.name ? elements[0] : undefined);
  if (extra) reporter.report(unexpectedText, extra.span, { found: extra.name ? `\`${extra.name.text}:\`` : "a second value", where: "between parentheses" });
  return { kind: "group", inner: elements[0]!.value, span };
}

/** A list; a name before an element is an error. */
export function buildList(node: CstNode, reporter: Reporter): List {
  const elements = buildElements(node, "elements", reporter);
  for (const element of elements) if (element.name) reporter.report(unexpectedText, element.name.span, { found: `\`${element.name.text}:\``, where: "in a list" });
  return { kind: "list", items: elements.map((element) => element.value), span: extent(node) };
}

/** The arguments between parentheses. */
export function buildArguments(node: CstNode, reporter: Reporter): Argument[] {
  return buildElements(node, "arguments", reporter);
}

function buildElements(node: CstNode, what: string, reporter: Reporter): Argument[] {
  const result: Argument[] = [];
  let separated = true;
  let comma: IToken | undefined;
  let quiet = false;
  for (const element of children(node, "element")) {
    const separator = token(element, "Comma");
    if (separator) {
      if (separated && !quiet) reportExtra(separator, reporter);
      separated = true;
      quiet = false;
      comma = separator;
      continue;
    }
    const built = buildElement(element, reporter);
    if (!separated && built && !quiet) {
      const start = built.span.start;
      const end = result.at(-1)?.span.end ?? start;
      reporter.report(missingComma, { start, end: built.name?.span.end ?? built.span.end }, { what }, { fix: { title: "Insert a comma", span: { start: end, end }, text: "," } });
    }
    if (built) result.push(built);
    // Something that could not be read was reported; no comma is missed beside it.
    quiet = built === undefined || child(element, "expression")?.children["Unknown"] !== undefined;
    separated = false;
  }
  if (separated && comma && !quiet && result.length > 0) reportExtra(comma, reporter);
  return result;
}

/** A comma too many. */
export function reportExtra(comma: IToken, reporter: Reporter): void {
  if (comma.image === ",") reporter.report(extraComma, spanOf(comma), {}, { fix: { title: "Remove the comma", span: spanOf(comma), text: "" } });
}

function buildElement(node: CstNode, reporter: Reporter): Argument | undefined {
  if (child(node, "block")) {
    reporter.report(blockAsArgument, extent(node), {});
    return undefined;
  }
  const named = child(node, "named");
  const name = named && buildName(named, reporter);
  const equals = named && token(node, "Equals");
  if (equals) reporter.report(wrongSeparator, spanOf(equals), { written: "=", wanted: ":", what: "an argument" }, { fix: { title: "Write `:`", span: spanOf(equals), text: ":" } });
  const expression = child(node, "expression");
  if (!expression) {
    if (name) reporter.report(missingValue, extent(node), { after: `${name.text}:` });
    else reporter.report(unexpectedText, extent(node), { found: describe(node), where: "among values" });
    return undefined;
  }
  const value = buildExpression(expression, reporter);
  return value && { kind: "argument", ...(name ? { name } : {}), value, span: { start: name?.span.start ?? value.span.start, end: value.span.end } };
}

/** What an element says, in a message. */
export function describe(element: CstElement): string {
  const first = "image" in element ? element : inOrder(element)[0]?.element;
  if (first && !("image" in first)) return describe(first);
  const image = (first as IToken | undefined)?.image ?? "";
  return image === "" ? "this" : `\`${image.length > 30 ? `${image.slice(0, 30)}…` : image}\``;
}

/** A dotted path, from the words and dots of a `reference` or `primary` node. */
export function buildReference(node: CstNode, reporter: Reporter): Reference {
  if (!node.children["Dot"]) {
    const name = nameOf(node.children["Word"]![0] as IToken);
    return { kind: "reference", parts: [name], span: name.span };
  }
  const words = [...(node.children["Word"] ?? []), ...(node.children["Reserved"] ?? [])] as IToken[];
  words.sort((a, b) => a.startOffset - b.startOffset);
  for (const reserved of (node.children["Reserved"] ?? []) as IToken[]) reporter.report(reservedName, spanOf(reserved), { word: reserved.image });
  const dots = (node.children["Dot"] ?? []) as IToken[];
  const last = dots.at(-1);
  if (dots.length >= words.length && last) reporter.report(missingName, spanOf(last), { after: "." });
  return { kind: "reference", parts: words.map(nameOf), span: { start: words[0]!.startOffset, end: spanOf(words.at(-1)!).end } };
}

/** A name that is used; a reserved word in its place is reported. */
export function buildName(node: CstNode, reporter: Reporter): Name {
  const reserved = token(node, "Reserved");
  if (reserved) reporter.report(reservedName, spanOf(reserved), { word: reserved.image });
  return nameOf(reserved ?? token(node, "Word")!);
}

/** The name of a token. */
export function nameOf(word: IToken): Name {
  return { kind: "name", text: word.image, span: spanOf(word) };
}
