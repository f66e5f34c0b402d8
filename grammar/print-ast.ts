// Tree → the canonical layout, as a Prettier document. The plugin and the compiler print with the same functions.

import type { Doc } from "prettier";
import * as doc from "prettier/doc";
import type { Argument, Block, Expression, Node, NumberLiteral, StringLiteral, Tree } from "./ast.ts";
import { precedence } from "./build-expressions.ts";
import { quote } from "./literals.ts";

const { group, hardline, indent, join, line, softline } = doc.builders;

/** How a tree is laid out. `text` is the source that spans point into; without it, blocks break and no blank line is known. */
export interface Layout {
  readonly text?: string | undefined;
  /** Print the documentation that forms carry; off in the plugin, where it is among the comments. */
  readonly docs?: boolean;
  /** Blocks without a source that may stay on one line where they fit: those of `inline` kinds of forms (`item`, `section`, …). */
  readonly inline?: readonly string[];
}

/** Prints a child form; the plugin's adds comments. */
export type PrintChild = (node: Node, ...path: (string | number)[]) => Doc;

/** The document of one form, its children printed by `child`. */
export function printNode(node: Node, layout: Layout, child: PrintChild, dangling: (node: Node) => Doc | undefined = () => undefined): Doc {
  switch (node.kind) {
    case "tree": return printFile(node, layout, child, dangling(node));
    case "comment": return node.text;
    case "name": return node.text;
    case "import": {
      const names = node.all ? ["* as ", node.all.text] : group(["{", indent([line, join([",", line], node.names!.map((name) => name.text))]), line, "}"]);
      return ["import ", names, " from ", child(node.from, "from")];
    }
    case "declaration": {
      const relations = node.relations.map((relation, i) => [" ", child(relation, "relations", i)]);
      const parameters = node.parameters ? parenthesised(node.parameters.map((parameter, i) => child(parameter, "parameters", i))) : "";
      const head = [...printDoc(node, layout), node.word.text, " ", node.name.text, parameters, ...relations];
      if (node.body) return [...head, " ", printBody(node.body, node.kind, layout, child, "body")];
      return node.value ? [...head, " = ", child(node.value, "value")] : head;
    }
    case "parameter": return node.value ? [node.name.text, " = ", child(node.value, "value")] : node.name.text;
    case "relation": return [node.word, " ", child(node.target, "target"), node.arguments ? printArguments(node.arguments, child) : ""];
    case "block": return printBlock(node, "block", layout, child, dangling(node));
    case "let": return [...printDoc(node, layout), "let ", node.name.text, " = ", child(node.value, "value")];
    case "field": return [...printDoc(node, layout), child(node.path, "path"), ": ", node.value.kind === "block" ? printBody(node.value, node.kind, layout, child, "value") : child(node.value, "value")];
    case "remove": return ["remove ", child(node.path, "path")];
    case "stack": return [node.word, node.name ? ` ${node.name.text}` : "", " ", printBody(node.body, node.kind, layout, child, "body")];
    case "section": {
      const parameters = node.parameters ? parenthesised(node.parameters.map((parameter, i) => child(parameter, "parameters", i))) : "";
      return [node.word, " ", node.name.text, parameters, " ", printBody(node.body, node.kind, layout, child, "body")];
    }
    case "repeat": return ["repeat ", child(node.count, "count"), " ", printBody(node.body, node.kind, layout, child, "body")];
    case "vary": {
      const target = node.target ? [" ", child(node.target, "target"), " in"] : "";
      return ["vary", target, " ", node.rows.kind === "block" ? printBody(node.rows, node.kind, layout, child, "rows") : child(node.rows, "rows")];
    }
    case "item": {
      const parts: Doc[] = [node.name.text, node.arguments ? printArguments(node.arguments, child) : ""];
      return node.body ? [...parts, " ", printBody(node.body, node.kind, layout, child, "body")] : parts;
    }
    case "argument": return node.name ? [node.name.text, ": ", child(node.value, "value")] : child(node.value, "value");
    default: return printValue(node, child);
  }
}

/** The document of an expression. */
function printValue(node: Expression, child: PrintChild): Doc {
  switch (node.kind) {
    case "number": return printNumber(node);
    case "string": return printString(node);
    case "token": return `<${node.name}>`;
    case "switch": return node.value ? "on" : "off";
    case "reference": return node.parts.map((part) => part.text).join(".");
    case "call": return [child(node.target, "target"), printArguments(node.arguments, child)];
    case "list": return node.items.length === 0 ? "[]" : group(["[", indent([softline, join([",", line], node.items.map((item, i) => child(item, "items", i)))]), softline, "]"]);
    case "group": return ["(", child(node.inner, "inner"), ")"];
    case "unary": return [node.operator === "not" ? "not " : "-", parenthesisedIf(binding(node.operand) < (node.operator === "not" ? 4 : 8), child(node.operand, "operand"))];
    case "binary": {
      const strength = precedence[node.operator];
      const single = strength === 5 || strength === 1;
      const left = parenthesisedIf(binding(node.left) < strength + (single || node.operator === "^" ? 1 : 0), child(node.left, "left"));
      const right = parenthesisedIf(binding(node.right) < (node.operator === "^" ? 8 : strength + 1), child(node.right, "right"));
      return group([left, indent([line, node.operator, " ", right])]);
    }
  }
}

/** How tightly an expression holds together; literals, calls and groups entirely. */
function binding(node: Expression): number {
  if (node.kind === "binary") return precedence[node.operator];
  if (node.kind === "unary") return node.operator === "not" ? 4 : 8;
  return node.kind === "number" && node.raw.startsWith("-") ? 8 : 10;
}

/** Trees made by program have no groups where precedence needs them. */
function parenthesisedIf(needed: boolean, inner: Doc): Doc {
  return needed ? ["(", inner, ")"] : inner;
}

/** A number as its author wrote it, `15 %` never apart, the unit after one space. */
function printNumber(node: NumberLiteral): string {
  const raw = node.raw !== "" ? node.raw : node.percent ? `${Number((node.value * 100).toPrecision(15))}%` : String(node.value).replace("e+", "e");
  return node.unit ? `${raw} ${node.unit.text}` : raw;
}

function printString(node: StringLiteral): string {
  return node.raw === "" ? quote(node.value) : node.raw;
}

function printArguments(args: readonly Argument[], child: PrintChild): Doc {
  return parenthesised(args.map((argument, i) => child(argument, "arguments", i)));
}

/** Elements between parentheses: on one line, or each on its own. */
function parenthesised(elements: readonly Doc[]): Doc {
  return elements.length === 0 ? "()" : group(["(", indent([softline, join([",", line], [...elements])]), softline, ")"]);
}

/** Blocks are printed by the form around them, which knows whether one may stay on its line. */
function printBody(block: Block, owner: string, layout: Layout, child: PrintChild, key: string): Doc {
  return layout.text === undefined ? printBlock(block, owner, layout, (node, ...path) => child(node, key, ...path), undefined) : child(block, key);
}

/** A block: on one line if its author began it so and it fits, otherwise a statement a line. */
function printBlock(block: Block, owner: string, layout: Layout, child: PrintChild, dangling: Doc | undefined): Doc {
  if (block.statements.length === 0) return dangling === undefined ? "{}" : ["{", indent([hardline, dangling]), hardline, "}"];
  const inline = layout.text === undefined ? (layout.inline ?? []).includes(owner) : beginsOnItsLine(block, layout.text);
  const parts: Doc[] = [];
  block.statements.forEach((statement, i) => {
    parts.push(child(statement, "statements", i));
    const next = block.statements[i + 1];
    if (!next) return;
    // Flat: one space between layers, two beside a field. Broken: a line end, and the author's blank line.
    const wide = !(statement.kind === "item" && next.kind === "item");
    const blank = layout.text !== undefined && blankLineAfter(layout.text, statement.span.end);
    parts.push(blank ? [softline, line] : wide ? [doc.builders.ifBreak("", " "), line] : line);
  });
  return group(["{", indent([line, ...parts]), line, "}"], { shouldBreak: !inline });
}

function printFile(tree: Tree, layout: Layout, child: PrintChild, dangling: Doc | undefined): Doc {
  if (tree.items.length === 0) return dangling === undefined ? "" : [dangling, hardline];
  const parts: Doc[] = [];
  tree.items.forEach((item, i) => {
    parts.push(child(item, "items", i), hardline);
    const next = tree.items[i + 1];
    const blank = layout.text === undefined ? next !== undefined && (item.kind !== next.kind || (item.kind === "declaration" && item.body !== undefined)) : next !== undefined && blankLineAfter(layout.text, item.span.end);
    if (blank) parts.push(hardline);
  });
  return parts;
}

/** The `///` lines of a form. */
function printDoc(node: { readonly doc?: string }, layout: Layout): Doc[] {
  return layout.docs && node.doc !== undefined ? node.doc.split("\n").flatMap((text): Doc[] => [`/// ${text}`.trimEnd(), hardline]) : [];
}

/** Whether no line ends between a block's brace and its first statement. */
function beginsOnItsLine(block: Block, text: string): boolean {
  return !/[\r\n]/.test(text.slice(block.span.start, block.statements[0]!.span.start));
}

/** Whether a blank line follows the line on which a form ends. */
function blankLineAfter(text: string, end: number): boolean {
  return /^[ \t,]*(?:\/\/[^\r\n]*)?(?:\r\n|\r|\n)[ \t]*[\r\n]/.test(text.slice(end, end + 2_000));
}

/** Prints any form with no comments; `printTree` and `printExpression` are what callers want. */
function plain(layout: Layout): PrintChild {
  const child: PrintChild = (node) => printNode(node, layout, child);
  return child;
}

/**
 * The text of a tree, without its comments but with its documentation. With `text` (the tree's own source) the author's blank lines and one-line
 * blocks are kept; without it every block breaks, except those of `inline` forms that fit.
 */
export function printTree(tree: Tree, layout: Layout = {}): string {
  return render(plain({ docs: true, ...layout })(tree));
}

/** The text of an expression, on one line. */
export function printExpression(expression: Expression): string {
  return render(plain({})(expression), Number.POSITIVE_INFINITY);
}

/** The text of a parameter, argument, statement or other form. */
export function printForm(node: Node, layout: Layout = {}): string {
  return render(plain(layout)(node));
}

/** Width of a line before it is broken. */
export const printWidth = 100;

function render(document: Doc, width = printWidth): string {
  return doc.printer.printDocToString(document, { printWidth: width, tabWidth: 2, useTabs: false } as never).formatted;
}
