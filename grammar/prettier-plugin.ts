// The language as a Prettier plugin: `prettier --plugin ptarmigan/prettier file.pt`.

import type { AstPath, Doc, Parser, Printer, SupportLanguage } from "prettier";
import * as doc from "prettier/doc";
import type { Comment, Node } from "./ast.ts";
import { parse as parseText } from "./parse.ts";
import { printNode, printWidth } from "./print-ast.ts";

export const languages: SupportLanguage[] = [{ name: "ptarmigan", parsers: ["ptarmigan"], extensions: [".pt"], linguistLanguageId: undefined as never }];

export const defaultOptions = { printWidth, tabWidth: 2, useTabs: false };

/** A comment while Prettier places it: `placed` by Prettier, the neighbours only during attachment. */
type Attached = Comment & { enclosingNode?: Node; precedingNode?: Node; followingNode?: Node };

export const parsers: Record<string, Parser<Node>> = {
  ptarmigan: {
    astFormat: "ptarmigan",
    locStart: (node) => node.span.start,
    locEnd: (node) => node.span.end,
    parse(text, options) {
      const { tree, diagnostics } = parseText(text, (options as { filepath?: string } | undefined)?.filepath ?? "stdin.pt");
      const [first] = diagnostics;
      if (!first) return tree;
      const { line, column } = first.start;
      // Prettier shows `loc` with a code frame. It is the one contract here that wants a thrown error.
      throw Object.assign(new SyntaxError(`${first.code}: ${first.message} (${line}:${column})`), { loc: { start: { line, column }, end: { line: first.end.line, column: first.end.column } } });
    },
  },
};

const childKeys: Readonly<Record<string, readonly string[]>> = {
  tree: ["items"], import: ["from"], declaration: ["parameters", "relations", "body", "value"], parameter: ["value"], relation: ["target", "arguments"], block: ["statements"],
  let: ["value"], field: ["path", "value"], remove: ["path"], stack: ["body"], section: ["parameters", "body"], repeat: ["count", "body"], vary: ["target", "rows"], item: ["arguments", "body"],
  argument: ["value"], list: ["items"], call: ["target", "arguments"], unary: ["operand"], binary: ["left", "right"], group: ["inner"],
};

const lines = new Set(["import", "declaration", "let", "field", "remove", "stack", "section", "repeat", "vary", "item", "argument", "parameter"]);

/** Comments attach to what has a line of its own: statements, parameters, arguments, elements of lists; and to empty blocks and files. */
function takesComments(node: Node, ancestors: readonly Node[]): boolean {
  return lines.has(node.kind) || node.kind === "block" || node.kind === "tree" || ancestors[0]?.kind === "list";
}

/** A comment in a place without a line of its own (between a name and its block, inside an expression) goes above the form around it. */
function place(comment: Attached, text: string): boolean {
  const { enclosingNode: around, precedingNode: before, followingNode: after } = comment;
  if (!around || around.kind === "tree" || around.kind === "block") return false;
  const pastParentheses = before !== undefined && after?.kind !== "argument" && (before.kind === "parameter" || before.kind === "argument") && text.slice(before.span.end, comment.span.start).includes(")");
  if (pastParentheses || after?.kind === "block" || before?.kind === "block" || (!before && !after)) {
    // What Prettier's own `util.addLeadingComment` does; importing it would load all of Prettier.
    ((around as { comments?: Attached[] }).comments ??= []).push(Object.assign(comment, { leading: true, trailing: false }));
    return true;
  }
  return false;
}

export const printers: Record<string, Printer<Node>> = {
  ptarmigan: {
    print(path, options, print) {
      const text = options.originalText;
      return printNode(path.node, { text }, (_node, ...keys) => path.call(print, ...(keys as [never])), (node) => printDangling(path, node));
    },
    getVisitorKeys: (node) => [...(childKeys[node.kind] ?? [])],
    canAttachComment: takesComments as never,
    isBlockComment: () => false,
    printComment: (path: AstPath) => (path.node as Comment).text,
    handleComments: { ownLine: place as never, endOfLine: place as never, remaining: place as never },
    hasPrettierIgnore: (path: AstPath) => ((path.node as { comments?: readonly Comment[] }).comments ?? []).some((comment) => /^\/\/\s*prettier-ignore\s*$/.test(comment.text)),
  },
};

/** The comments of a block or file without statements. */
function printDangling(path: AstPath, node: Node): Doc | undefined {
  const comments = (node as { comments?: readonly (Comment & { printed?: boolean })[] }).comments;
  if (!comments?.length || !(node.kind === "block" || node.kind === "tree")) return undefined;
  const text = (path.root as { text?: string }).text ?? "";
  const parts: Doc[] = [];
  comments.forEach((comment, i) => {
    const before = comments[i - 1];
    if (before) parts.push(doc.builders.hardline, ...(/\n[ \t]*\n/.test(text.slice(before.span.end, comment.span.start)) ? [doc.builders.hardline] : []));
    comment.printed = true;
    parts.push(comment.text);
  });
  return [...parts, doc.builders.breakParent];
}
