// What lines, columns and neighbours say about brackets: the hints by which a forgotten or surplus bracket is found.

import { is, type Token } from "./lex.ts";
import * as t from "./tokens.ts";
import { unitOf } from "./units.ts";

/** Kind words as hints for recovery only: the grammar takes any word as a kind. */
export const kindWords = new Set(["model", "tokenizer", "data", "mask", "objective", "template", "pretrain", "finetune", "evaluate", "ablation", "hardware"]);

export interface Layout {
  /** 0-based line and column of each token, and 1 where it is the first of its line. */
  readonly line: Int32Array;
  readonly column: Int32Array;
  readonly firstOnLine: Uint8Array;
  /** A kind word and a name that no statement can be; `let` and `import` only if the block that opens at `open` is never closed. */
  readonly beginsDeclaration: (i: number, open: number | undefined) => boolean;
  /** Token `i` begins an operand right after the end of another. */
  readonly missesSeparator: (i: number) => boolean;
  /** The block at `i` stands inside an argument list that goes on after it. */
  readonly blockIsArgument: (i: number) => boolean;
  /** More closing than opening braces follow, counted by braces alone. */
  readonly surplusAfter: (i: number) => boolean;
  /** The brace that, judged by indentation, is the one left open, given the one left open by counting up to `until`. */
  readonly likelyUnclosed: (open: number, until: number) => number;
  /** The token after a declaration's name, parameters and relations, if that is not its block or value. */
  readonly headerEnd: (i: number) => number | undefined;
  /** The last token of the group that opens at `i`. */
  readonly groupEnd: (i: number) => number;
  /** Token `i` ends a chain of operators. */
  readonly endsChain: (i: number) => boolean;
}

/** Measures the tokens of a text once; every question is answered in constant time but `groupEnd`, which walks its group. */
export function bracketLayout(tokens: readonly Token[], text: string): Layout {
  const line = new Int32Array(tokens.length);
  const column = new Int32Array(tokens.length);
  const firstOnLine = new Uint8Array(tokens.length);
  let currentLine = 0;
  let lineStart = 0;
  let scanned = 0;
  for (let i = 0; i < tokens.length; i++) {
    const start = tokens[i]!.startOffset;
    firstOnLine[i] = i === 0 ? 1 : 0;
    for (; scanned < start; scanned++) {
      const code = text.charCodeAt(scanned);
      if (code !== 10 && !(code === 13 && text.charCodeAt(scanned + 1) !== 10)) continue;
      currentLine++;
      lineStart = scanned + 1;
      firstOnLine[i] = 1;
    }
    line[i] = currentLine;
    column[i] = start - lineStart;
  }
  const braces = matchBraces(tokens);
  const indent = lineIndents(line, column);

  return {
    line, column, firstOnLine,
    beginsDeclaration(i, open) {
      const [first, second, third] = [tokens[i], tokens[i + 1], tokens[i + 2]];
      if (is(first, t.Word)) return kindWords.has(first!.image) && is(second, t.Word) && !is(third, t.Colon) && !is(third, t.Dot);
      const opens = is(first, t.Let) || (is(first, t.Import) && (is(second, t.LeftBrace) || second?.image === "*"));
      return opens && (open === undefined || braces.match[open] === -1);
    },
    missesSeparator: (i) => endsOperand(tokens[i - 1]) && beginsOperand(tokens[i]) && !continuesOperand(tokens[i - 1]!, tokens[i]!),
    blockIsArgument(i) {
      const after = tokens[(braces.match[i] ?? -1) + 1];
      return braces.match[i]! >= 0 && (is(after, t.RightParenthesis) || is(after, t.RightBracket) || is(after, t.Comma));
    },
    surplusAfter: (i) => braces.lastSurplus > i,
    likelyUnclosed(open, until) {
      if (!is(tokens[open], t.LeftBrace)) return open;
      // A brace inside whose closing one stands at a smaller indent than its own line was closed by another's.
      let named = open;
      for (let i = open + 1; i < until; i++) {
        const close = braces.match[i]!;
        if (close > i && is(tokens[i], t.LeftBrace) && firstOnLine[close] && column[close]! < indent[i]! && column[close] === indent[named]) named = i;
      }
      return named;
    },
    headerEnd: (i) => headerEnd(tokens, i),
    groupEnd: (i) => groupEnd(tokens, i),
    endsChain(i) {
      const token = tokens[i];
      if (is(token, t.Comma) || is(token, t.RightBrace) || is(token, t.RightBracket) || is(token, t.RightParenthesis) || is(token, t.Let)) return true;
      return is(tokens[i + 1], t.Colon) && (is(token, t.Word) || is(token, t.Text));
    },
  };
}

/** The column of the first token of each token's line. */
function lineIndents(line: Int32Array, column: Int32Array): Int32Array {
  const indent = new Int32Array(line.length);
  for (let i = 0; i < line.length; i++) indent[i] = i > 0 && line[i] === line[i - 1] ? indent[i - 1]! : column[i]!;
  return indent;
}

/** Braces matched by counting braces alone: the partner's index, −1 for none. `lastSurplus` is the last `}` without a partner. */
function matchBraces(tokens: readonly Token[]): { match: Int32Array; lastSurplus: number } {
  const match = new Int32Array(tokens.length).fill(-1);
  const stack: number[] = [];
  let lastSurplus = -1;
  for (let i = 0; i < tokens.length; i++) {
    if (is(tokens[i], t.LeftBrace)) stack.push(i);
    else if (is(tokens[i], t.RightBrace)) {
      const open = stack.pop();
      if (open === undefined) lastSurplus = i;
      else {
        match[open] = i;
        match[i] = open;
      }
    }
  }
  return { match, lastSurplus };
}

/** Walks to the bracket that closes the one at `i`, by counting each kind; to before a `}` that closes more than it opens; else to the end. */
function groupEnd(tokens: readonly Token[], i: number): number {
  let depth = 0;
  let braces = 0;
  for (let k = i; k < tokens.length; k++) {
    const token = tokens[k]!;
    if (is(token, t.LeftBrace)) braces++;
    if (is(token, t.RightBrace) && --braces < 0) return k - 1;
    if (is(token, t.LeftBrace) || is(token, t.LeftParenthesis) || is(token, t.LeftBracket)) depth++;
    else if ((is(token, t.RightBrace) || is(token, t.RightParenthesis) || is(token, t.RightBracket)) && --depth === 0) return k;
  }
  return tokens.length - 1;
}

/** Walks over `word name (…) relation path (…)`; undefined where a block, a value or another declaration's word follows. */
function headerEnd(tokens: readonly Token[], i: number): number | undefined {
  let k = i + 2;
  if (is(tokens[k], t.LeftParenthesis)) k = groupEnd(tokens, k) + 1;
  while (is(tokens[k], t.Extends) || is(tokens[k], t.From) || is(tokens[k], t.Of)) {
    k += 2;
    while (is(tokens[k], t.Dot)) k += 2;
    if (is(tokens[k], t.LeftParenthesis)) k = groupEnd(tokens, k) + 1;
  }
  const next = tokens[k];
  const statement = is(next, t.Let) || is(next, t.Text) || (is(next, t.Word) && !(kindWords.has(next!.image) && is(tokens[k + 1], t.Word)));
  return statement ? k : undefined;
}

/** A unit after its number, and arguments after their name. */
function continuesOperand(before: Token, after: Token): boolean {
  return (is(before, t.NumberText) && unitOf(after.image) !== undefined) || (is(before, t.Word) && is(after, t.LeftParenthesis)) || is(after, t.LeftBrace);
}

/** Whether an operand can end with a token. */
export function endsOperand(token: Token | undefined): boolean {
  return [t.Word, t.NumberText, t.Text, t.TokenName, t.RightParenthesis, t.RightBracket, t.RightBrace, t.On, t.Off].some((type) => is(token, type));
}

/** Whether an operand, or a statement, can begin with a token. */
function beginsOperand(token: Token | undefined): boolean {
  return [t.Word, t.NumberText, t.Text, t.TokenName, t.LeftBracket, t.LeftParenthesis, t.LeftBrace, t.On, t.Off, t.Not, t.Let].some((type) => is(token, type));
}
