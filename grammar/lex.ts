// Text → tokens and comments. Whatever is not a token of the language is reported here, once, and replaced by what was meant.

import type { IToken, TokenType } from "chevrotain";
import type { Comment as CommentForm, Span } from "./ast.ts";
import { unknownCharacter } from "./diagnostics/PT1010-unknown-character.ts";
import { badName } from "./diagnostics/PT1015-bad-name.ts";
import { foreignComment } from "./diagnostics/PT1016-foreign-comment.ts";
import { foreignOperator } from "./diagnostics/PT1018-foreign-operator.ts";
import { foreignToken } from "./diagnostics/PT1020-foreign-token.ts";
import { groupedDigits } from "./diagnostics/PT1019-grouped-digits.ts";
import type { Reporter } from "./report.ts";
import * as t from "./tokens.ts";
import { unitOf } from "./units.ts";

/** A token as the later passes see it. */
export type Token = IToken;

/** The span of a token; one that was inserted has no length. */
export function spanOf(token: Token): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

/** Whether a token is of a type or of a category. */
export function is(token: Token | undefined, type: TokenType): boolean {
  return token !== undefined && (token.tokenType === type || (type.categoryMatchesMap?.[token.tokenTypeIdx] ?? false));
}

/** A token that the text does not have. */
export function makeToken(type: TokenType, image: string, startOffset: number): Token {
  return { image, startOffset, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! };
}

/** The tokens of a text without its comments, and its comments. */
export function lex(reporter: Reporter): { tokens: Token[]; comments: CommentForm[] } {
  const result = t.ptLexer().tokenize(reporter.text);
  const tokens: Token[] = [];
  let error = 0;
  for (const token of result.tokens) {
    for (; error < result.errors.length && result.errors[error]!.offset < token.startOffset; error++) pushUnknown(result.errors[error]!, tokens, reporter);
    const whole = grouped(token, tokens, reporter);
    if (whole) {
      tokens.splice(-2, 2, whole);
      continue;
    }
    const mended = mend(token, tokens.at(-1), reporter);
    if (mended) tokens.push(mended);
  }
  for (; error < result.errors.length; error++) pushUnknown(result.errors[error]!, tokens, reporter);
  return { tokens, comments: (result.groups["comments"] ?? []).map(commentForm) };
}

/** A comment is documentation with exactly three slashes: `////` rules off a section. */
function commentForm(token: Token): CommentForm {
  return { kind: "comment", span: spanOf(token), text: token.image.trimEnd(), documentation: /^\/\/\/(?!\/)/.test(token.image) };
}

/** `2,000` as one number. The group begins with 0, as no number of a list does. */
function grouped(token: Token, before: readonly Token[], reporter: Reporter): Token | undefined {
  const [first, comma] = before.slice(-2);
  if (token.tokenType !== t.NumberText || !/^0\d\d[kMBT%]?$/.test(token.image)) return undefined;
  if (comma?.tokenType !== t.Comma || first?.tokenType !== t.NumberText || !/^[\d_]+$/.test(first.image)) return undefined;
  const adjacent = spanOf(first).end === comma.startOffset && spanOf(comma).end === token.startOffset;
  if (!adjacent) return undefined;
  const span = { start: first.startOffset, end: spanOf(token).end };
  const number = `${first.image}_${token.image}`;
  reporter.report(groupedDigits, span, { written: `${first.image},${token.image}`, number }, { fix: { title: `Write \`${number}\``, span, text: number } });
  return makeToken(t.NumberText, number, first.startOffset);
}

/** The token that stands for this one from here on; undefined drops it. */
function mend(token: Token, before: Token | undefined, reporter: Reporter): Token | undefined {
  const span = spanOf(token);
  switch (token.tokenType) {
    case t.BadWord: {
      const meant = token.image.toLowerCase();
      // `2 GB`: the units of bytes are the only words with capitals.
      if (!(before?.tokenType === t.NumberText && unitOf(token.image))) {
        const fix = /^[a-z_][a-z0-9_]*$/.test(meant) ? { title: `Write \`${meant}\``, span, text: meant } : undefined;
        reporter.report(badName, span, { name: token.image }, { fix });
      }
      return makeToken(t.Word, token.image, token.startOffset);
    }
    case t.ForeignComment: {
      const block = token.image.startsWith("/*");
      const fix = block ? undefined : { title: "Begin the comment with `//`", span: { start: span.start, end: span.start + 1 }, text: "//" };
      reporter.report(foreignComment, { start: span.start, end: span.start + (block ? 2 : 1) }, { written: block ? "/*" : "#" }, { fix });
      return undefined;
    }
    case t.Semicolon:
      reporter.report(unknownCharacter, span, { text: ";", hint: "statements need no separator" }, { fix: { title: "Remove `;`", span, text: "" } });
      return makeToken(t.Semicolon, token.image, token.startOffset);
    case t.ForeignToken: {
      const name = Object.hasOwn(t.foreignTokens, token.image) ? t.foreignTokens[token.image] : null;
      reporter.report(foreignToken, span, { written: token.image, token: name }, { fix: name === null ? undefined : { title: `Write \`<${name}>\``, span, text: `<${name}>` } });
      return makeToken(t.TokenName, name === null ? "<unk>" : `<${name}>`, token.startOffset);
    }
    default:
  }
  const foreign = betweenValues(token, before, reporter.text) ? t.foreignWords : t.foreignOperators;
  const operator = Object.hasOwn(foreign, token.image) ? foreign[token.image] : undefined;
  if (operator === undefined) return token;
  const spaced = operator === "not" ? "not " : operator;
  reporter.report(foreignOperator, span, { written: token.image, operator }, { fix: { title: `Write \`${operator}\``, span, text: spaced } });
  return makeToken(t.operatorTypes.get(operator)!, token.image, token.startOffset);
}

/** Whether a word stands on one line between what ends a value and what begins one, where a name would need a comma. */
function betweenValues(token: Token, before: Token | undefined, text: string): boolean {
  if (token.tokenType !== t.Word || !before || !Object.hasOwn(t.foreignWords, token.image)) return false;
  const ends = [t.Word, t.NumberText, t.TokenName, t.RightParenthesis].some((type) => is(before, type));
  const [from, to] = [spanOf(before).end, spanOf(token).end];
  return ends && /^[ \t]+$/.test(text.slice(from, token.startOffset)) && /^[ \t]+[a-z0-9_(-]/.test(text.slice(to, to + 50));
}

/** Reports a run of characters of no token. Neighbouring runs are one mistake. */
function pushUnknown({ offset, length }: { offset: number; length: number }, tokens: Token[], reporter: Reporter): void {
  const image = reporter.text.slice(offset, offset + length);
  const before = tokens.at(-1);
  const continues = before?.tokenType === t.Unknown && before.startOffset + before.image.length === offset;
  if (!continues) reporter.report(unknownCharacter, { start: offset, end: offset + length }, { text: image, ...hintFor(image) });
  tokens.push(makeToken(t.Unknown, image, offset));
}

/** What a stray character was probably for. */
function hintFor(image: string): { hint?: string } {
  if (/[“”„«»‘’']/.test(image)) return { hint: 'strings stand between straight double quotes, `"…"`' };
  if (image.startsWith("@")) return { hint: "there are no decorators" };
  if (image.startsWith("\u00a0")) return { hint: "it is a no-break space; use a plain one" };
  return {};
}
