// Reading chevrotain's concrete syntax tree, whose children are lists by name.

import type { CstElement, CstNode, IToken } from "chevrotain";
import type { Span } from "./ast.ts";
import { spanOf } from "./lex.ts";

/** The first child node of a rule, if there is one. */
export function child(node: CstNode, rule: string): CstNode | undefined {
  return node.children[rule]?.[0] as CstNode | undefined;
}

/** All child nodes of a rule, in order. */
export function children(node: CstNode, rule: string): readonly CstNode[] {
  return (node.children[rule] ?? []) as CstNode[];
}

/** The first token of a type (tokens of a category stand under the name that the rule consumed). */
export function token(node: CstNode, type: string): IToken | undefined {
  return node.children[type]?.[0] as IToken | undefined;
}

/** The only child of a rule that is a choice: its name and itself. */
export function choice(node: CstNode): { rule: string; element: CstElement } | undefined {
  for (const rule in node.children) {
    const element = node.children[rule]![0];
    if (element) return { rule, element };
  }
  return undefined;
}

/** All children, in the order of the text. */
export function inOrder(node: CstNode): { rule: string; element: CstElement; start: number }[] {
  const all: { rule: string; element: CstElement; start: number }[] = [];
  for (const rule in node.children) for (const element of node.children[rule]!) all.push({ rule, element, start: firstToken(element)?.startOffset ?? 0 });
  return all.sort((a, b) => a.start - b.start);
}

/** The first token below an element. */
export function firstToken(element: CstElement): IToken | undefined {
  if ("image" in element) return element;
  let first: IToken | undefined;
  for (const rule in element.children) {
    const head = element.children[rule]![0];
    const found = head && firstToken(head);
    if (found && (!first || found.startOffset < first.startOffset)) first = found;
  }
  return first;
}

/** The last token below an element. */
export function lastToken(element: CstElement): IToken | undefined {
  if ("image" in element) return element;
  let last: IToken | undefined;
  for (const rule in element.children) {
    const tail = element.children[rule]!.at(-1);
    const found = tail && lastToken(tail);
    if (found && (!last || found.startOffset >= last.startOffset)) last = found;
  }
  return last;
}

const bracketed = new Set(["block", "args", "list", "parameters"]);

/** From the first to the last token below an element: a walk along both edges, but for bracketed rules, whose edges are their own tokens. */
export function extent(element: CstElement): Span {
  if ("children" in element && bracketed.has(element.name)) {
    const { LeftBrace, LeftParenthesis, LeftBracket, RightBrace, RightParenthesis, RightBracket } = element.children;
    const open = (LeftParenthesis ?? LeftBrace ?? LeftBracket)?.[0] as IToken | undefined;
    const close = (RightParenthesis ?? RightBrace ?? RightBracket)?.[0] as IToken | undefined;
    if (open && close) return { start: open.startOffset, end: spanOf(close).end };
  }
  const first = firstToken(element);
  const last = lastToken(element);
  return { start: first?.startOffset ?? 0, end: last ? spanOf(last).end : 0 };
}
