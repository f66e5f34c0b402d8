// Tokens → tokens with matched brackets. Every mistake of bracketing is reported and mended here, so that the parser always knows where a
// block or an argument list ends, and one forgotten bracket is one mistake. Also bounds how deeply the text may nest, so nothing later overflows the stack.

import { bracketLayout, type Layout } from "./bracket-layout.ts";
import { nestedTooDeeply } from "./diagnostics/PT1104-nested-too-deeply.ts";
import { missingBrace } from "./diagnostics/PT1105-missing-brace.ts";
import { strayBracket } from "./diagnostics/PT1102-stray-bracket.ts";
import { unclosedBracket } from "./diagnostics/PT1101-unclosed-bracket.ts";
import { wrongBracket } from "./diagnostics/PT1103-wrong-bracket.ts";
import { is, makeToken, spanOf, type Token } from "./lex.ts";
import type { Reporter } from "./report.ts";
import * as t from "./tokens.ts";

/** Brackets within brackets, and operators above one another, that a file may have. No reader follows a tenth of it. */
export const maximumBrackets = 64;
export const maximumDepth = 500;

interface Frame {
  readonly index: number;
  readonly token: Token;
  readonly closer: string;
  /** Operators since the last comma or colon: how deep an expression's tree can get here. */
  operators: number;
  /** The first place where a comma would be missing: a forgotten `)` most likely stood there. */
  breakAt?: number;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const closerTypes = { ")": t.RightParenthesis, "]": t.RightBracket, "}": t.RightBrace } as Readonly<Record<string, typeof t.RightBrace>>;

/** The same tokens with every bracket matched. */
export function balance(tokens: readonly Token[], reporter: Reporter): Token[] {
  const layout = bracketLayout(tokens, reporter.text);
  const stack: Frame[] = [];
  const dropped = new Set<number>();
  const replaced = new Map<number, Token>();
  const inserted = new Map<number, Token[]>();
  const opened = new Map<number, Token>();
  let declarationStart = 0;
  let depthReported = false;
  let weight = 0;

  /** Closes the frames above `keep`; they are one mistake, whose place is `at`. */
  function closeDownTo(keep: number, at: number): void {
    const forgotten = stack.splice(keep).reverse();
    if (forgotten.length === 0) return;
    for (const frame of forgotten) {
      weight -= frame.operators + 1;
      const position = frame.breakAt ?? at;
      const offset = endOf(tokens[position - 1]);
      inserted.set(position, [...(inserted.get(position) ?? []), makeToken(closerTypes[frame.closer]!, "", offset)]);
    }
    if (!depthReported) reportUnclosed(forgotten, at);
  }

  function reportUnclosed(forgotten: readonly Frame[], at: number): void {
    const named = forgotten.length === 1 ? layout.likelyUnclosed(forgotten[0]!.index, at) : forgotten[0]!.index;
    const opener = tokens[named]!;
    // The bracket of a block that was opened in the author's stead stands in no text.
    const written = opener.image in closers ? opener.image : Object.keys(closers).find((open) => closers[open] === forgotten[0]!.closer)!;
    const last = tokens[(forgotten[0]!.breakAt ?? at) - 1];
    // A string without its closing quote took the bracket with it; that was reported.
    if (last && is(last, t.Text) && (last.image.length === 1 || !last.image.endsWith('"'))) return;
    const position = forgotten[0]!.breakAt ?? at;
    const offset = endOf(tokens[position - 1]);
    const next = tokens[position];
    const closer = forgotten.map((frame) => frame.closer).join("");
    const text = closer.startsWith("}") && forgotten[0]!.breakAt === undefined ? `\n${[...closer].join("\n")}` : closer;
    reporter.report(unclosedBracket, next && position === at ? spanOf(next) : { start: offset, end: offset },
      { opener: written, closer: closers[written]!, line: layout.line[named]! + 1, others: forgotten.slice(1).map((frame) => layout.line[frame.index]! + 1) },
      { related: { message: `\`${written}\` is opened here`, span: spanOf(opener) }, fix: { title: `Insert \`${closer}\``, span: { start: offset, end: offset }, text } });
  }

  /** A declaration without `{`, when a `}` too many follows: opens its block where its header ends. */
  function openBlockAfterHeader(i: number): void {
    const end = layout.headerEnd(i);
    if (end === undefined || end >= tokens.length) return;
    const offset = endOf(tokens[end - 1]);
    reporter.report(missingBrace, spanOf(tokens[end]!), { word: tokens[i]!.image, name: tokens[i + 1]!.image }, { fix: { title: "Insert `{`", span: { start: offset, end: offset }, text: " {" } });
    opened.set(end, makeToken(t.LeftBrace, "", offset));
  }

  function close(i: number, image: string): void {
    const top = stack.at(-1);
    if (top?.closer === image) {
      if (image === "}" && stack.length === 1 && closesTooEarly(tokens, layout, i, declarationStart)) return stray(i);
      leave();
      return;
    }
    const match = matchingFrame(stack, image);
    if (match >= 0) {
      closeDownTo(match + 1, i);
      leave();
    } else if (image !== "}" && top && top.closer !== "}" && tokens[i + 1]?.image !== top.closer) {
      reporter.report(wrongBracket, spanOf(tokens[i]!), { written: image, opener: top.token.image, wanted: top.closer, line: layout.line[top.index]! + 1 },
        { fix: { title: `Write \`${top.closer}\``, span: spanOf(tokens[i]!), text: top.closer }, related: { message: `\`${top.token.image}\` is opened here`, span: spanOf(top.token) } });
      replaced.set(i, makeToken(closerTypes[top.closer]!, image, tokens[i]!.startOffset));
      leave();
    } else stray(i);
  }

  /** Pops the innermost frame. A block ends the expression before it, too. */
  function leave(): void {
    const frame = stack.pop()!;
    weight -= frame.operators + 1;
    const outer = stack.at(-1);
    if (!outer) weight = 0;
    else if (frame.closer === "}") {
      weight -= outer.operators;
      outer.operators = 0;
    }
  }

  function stray(i: number): void {
    if (!dropped.has(i - 1) && !depthReported) reporter.report(strayBracket, spanOf(tokens[i]!), { bracket: tokens[i]!.image }, { fix: { title: `Remove \`${tokens[i]!.image}\``, span: spanOf(tokens[i]!), text: "" } });
    dropped.add(i);
  }

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (stack.length === 0) {
      if (i === 0 || layout.firstOnLine[i] || tokens[i - 1]!.image === "}") declarationStart = i;
    } else if (layout.firstOnLine[i] && layout.column[i]! <= layout.column[declarationStart]! && layout.beginsDeclaration(i, stack[0]!.index)) {
      closeDownTo(0, i);
      declarationStart = i;
      depthReported = false;
    }
    const brace = opened.get(i);
    if (brace) {
      stack.push({ index: i - 1, token: brace, closer: "}", operators: 0 });
      weight++;
      inserted.set(i, [...(inserted.get(i) ?? []), brace]);
    }
    const top = stack.at(-1);
    if (top && top.closer !== "}" && top.breakAt === undefined && i > top.index + 1) {
      if (layout.missesSeparator(i)) top.breakAt = i;
      else if (top.closer === "]" && is(tokens[i - 1], t.Comma) && is(tokens[i + 1], t.Colon) && is(token, t.Word)) top.breakAt = i - 1;
    }
    if (stack.length === 0 && layout.surplusAfter(i) && layout.beginsDeclaration(i, undefined)) openBlockAfterHeader(i);
    if (token.image in closers && isBracket(token)) {
      if (token.image === "{" && top && top.closer !== "}" && !layout.blockIsArgument(i)) {
        let keep = stack.length;
        while (keep > 0 && stack[keep - 1]!.closer !== "}") keep--;
        closeDownTo(keep, i);
      }
      if (stack.length >= maximumBrackets || weight >= maximumDepth) i = omitGroup(i);
      else {
        stack.push({ index: i, token, closer: closers[token.image]!, operators: 0 });
        weight++;
      }
    } else if (is(token, t.RightBrace) || is(token, t.RightParenthesis) || is(token, t.RightBracket)) close(i, token.image);
    else if (is(token, t.Comma) || is(token, t.Colon) || is(token, t.Equals) || is(token, t.Let)) {
      weight -= top ? top.operators : weight;
      if (top) top.operators = 0;
    } else if (is(token, t.Operator)) {
      if (top) top.operators++;
      weight++;
      if (weight > maximumDepth) i = omitChain(i);
    }
  }
  closeDownTo(0, tokens.length);
  return assemble();

  /** Leaves out the inside of the group that opens at `i`; answers the index of the last token left out. */
  function omitGroup(i: number): number {
    reportDepth(i);
    const end = layout.groupEnd(i);
    for (let k = i; k <= end; k++) dropped.add(k);
    inserted.set(i, [...(inserted.get(i) ?? []), makeToken(t.Omitted, "", tokens[i]!.startOffset)]);
    return end;
  }

  /** Leaves out the rest of an endless chain of operators. */
  function omitChain(i: number): number {
    reportDepth(i);
    let end = i;
    while (end + 1 < tokens.length && !layout.endsChain(end + 1)) end++;
    for (let k = i; k <= end; k++) dropped.add(k);
    inserted.set(i, [...(inserted.get(i) ?? []), makeToken(t.Omitted, "", tokens[i]!.startOffset)]);
    return end;
  }

  function reportDepth(i: number): void {
    if (!depthReported) reporter.report(nestedTooDeeply, spanOf(tokens[i]!), { brackets: maximumBrackets, depth: maximumDepth });
    depthReported = true;
  }

  function assemble(): Token[] {
    if (dropped.size === 0 && inserted.size === 0 && replaced.size === 0) return [...tokens];
    const output: Token[] = [];
    for (let i = 0; i <= tokens.length; i++) {
      for (const token of inserted.get(i) ?? []) output.push(token);
      if (i < tokens.length && !dropped.has(i)) output.push(replaced.get(i) ?? tokens[i]!);
    }
    return output;
  }
}

/** Strings hold brackets too; only bracket tokens count. */
function isBracket(token: Token): boolean {
  return token.tokenType === t.LeftBrace || token.tokenType === t.LeftParenthesis || token.tokenType === t.LeftBracket;
}

/** The frame that a closing bracket closes: `)` and `]` do not reach across a `{`. −1 if there is none. */
function matchingFrame(stack: readonly Frame[], image: string): number {
  for (let i = stack.length - 1; i >= 0; i--) {
    if (stack[i]!.closer === image) return i;
    if (image !== "}" && stack[i]!.closer === "}") return -1;
  }
  return -1;
}

/** A `}` that would end the declaration although there is one too many and deeper text goes on: the surplus one is here. */
function closesTooEarly(tokens: readonly Token[], layout: Layout, i: number, declarationStart: number): boolean {
  if (i + 1 >= tokens.length || !layout.surplusAfter(i) || layout.column[i + 1]! <= layout.column[declarationStart]!) return false;
  return layout.firstOnLine[i + 1] === 1 && !layout.beginsDeclaration(i + 1, undefined);
}

/** Where a token ends; the start of the file for none. */
function endOf(token: Token | undefined): number {
  return token ? token.startOffset + token.image.length : 0;
}
