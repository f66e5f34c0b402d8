// Balanced tokens → concrete syntax, declaration by declaration.

import { type CstNode, EOF, type IToken } from "chevrotain";
import { PtParser } from "./parser.ts";
import * as t from "./tokens.ts";

let parser: PtParser | undefined;

/**
 * Hands the concrete syntax tree of balanced tokens to `read`, a part at a time: a part ends after a block at the top level, so the
 * trees of a long file never live all at once (collecting them was a third of the time). Answers the tokens that even the total
 * grammar refused. The parser is made on first use.
 */
export function parseTokens(tokens: readonly IToken[], read: (part: CstNode) => void): IToken[] {
  parser ??= new PtParser();
  const refused: IToken[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const type = tokens[i]!.tokenType;
    if (type === t.LeftBrace || type === t.LeftParenthesis || type === t.LeftBracket) depth++;
    else if (type === t.RightBrace || type === t.RightParenthesis || type === t.RightBracket) depth--;
    const ends = depth === 0 && type === t.RightBrace && tokens[i + 1]?.tokenType !== t.From;
    if (!ends && i < tokens.length - 1) continue;
    parser.input = tokens.slice(start, i + 1);
    read(parser.file());
    for (const { token } of parser.errors) refused.push(token.tokenType === EOF ? tokens[i]! : token);
    start = i + 1;
  }
  return refused;
}
