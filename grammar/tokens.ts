// The token types of the language and the chevrotain lexer over them. What a token means is decided later; here is only where it ends.

import { createToken, type CustomPatternMatcherFunc, Lexer, type TokenType } from "chevrotain";

/** Categories: a rule that consumes a category takes any member. `Word` is whatever may be a name. */
export const Operator = createToken({ name: "Operator", pattern: Lexer.NA });
export const ForeignOperator = createToken({ name: "ForeignOperator", pattern: Lexer.NA, categories: Operator });
export const Reserved = createToken({ name: "Reserved", pattern: Lexer.NA });

/** A name of plain ASCII lower case. */
export const Word = createToken({ name: "Word", pattern: /[a-z_][a-z0-9_]*/ });
/** Letters that a name may not have (capitals, letters beyond ASCII). Kept as one token, so that `Gpt2` is one mistake. */
export const BadWord = createToken({
  name: "BadWord",
  pattern: /(?:[a-z_][a-z0-9_]*)?[A-Z\u00aa-\u1fff\u2c00-\u2fff\u3040-\ud7ff\uf900-\ufdff][A-Za-z0-9_\u00aa-\u1fff\u2c00-\u2fff\u3040-\ud7ff\uf900-\ufdff]*/,
});

/** Whole lines of what other languages call comments are one token, so that they are one mistake. */
export const ForeignComment = createToken({ name: "ForeignComment", pattern: scanForeignComment as CustomPatternMatcherFunc, start_chars_hint: ["#", "/"], line_breaks: true });
export const Comment = createToken({ name: "Comment", pattern: /\/\/[^\r\n]*/, group: "comments" });
export const WhiteSpace = createToken({ name: "WhiteSpace", pattern: /[ \t\r\n\f\ufeff]+/, group: Lexer.SKIPPED, line_breaks: true });

/** Digits and all that touches them: `12`, `1.5T`, `3e-4`, `15%`, but also `300b` and `3e`, which `literals.ts` refuses. */
export const NumberText = createToken({ name: "NumberText", pattern: scanNumber as CustomPatternMatcherFunc, start_chars_hint: [..."0123456789."], line_breaks: false });
/** From a quote to the next one, or to the end of the line. */
export const Text = createToken({ name: "Text", pattern: scanText as CustomPatternMatcherFunc, start_chars_hint: ['"', "'"], line_breaks: false });
/** `<mask>`: the angle brackets touch the name, so `a < b` stays a comparison. */
export const TokenName = createToken({ name: "TokenName", pattern: /<[A-Za-z_][A-Za-z0-9_]*>/ });

/** `</s>`, `<|endoftext|>`: texts that vocabularies have for special tokens. */
export const ForeignToken = createToken({ name: "ForeignToken", pattern: /<(?:\/[A-Za-z_]+|\|[A-Za-z_]+\|)>/ });

export const LeftBrace = createToken({ name: "LeftBrace", pattern: "{" });
export const RightBrace = createToken({ name: "RightBrace", pattern: "}" });
export const LeftParenthesis = createToken({ name: "LeftParenthesis", pattern: "(" });
export const RightParenthesis = createToken({ name: "RightParenthesis", pattern: ")" });
export const LeftBracket = createToken({ name: "LeftBracket", pattern: "[" });
export const RightBracket = createToken({ name: "RightBracket", pattern: "]" });
export const Comma = createToken({ name: "Comma", pattern: "," });
export const Semicolon = createToken({ name: "Semicolon", pattern: ";", categories: Comma });
export const Colon = createToken({ name: "Colon", pattern: ":" });
export const Dot = createToken({ name: "Dot", pattern: "." });
export const Equals = createToken({ name: "Equals", pattern: "=" });

/** Made by `lex.ts` of what no pattern matches, so that the parser knows that something stood there. */
export const Unknown = createToken({ name: "Unknown", pattern: Lexer.NA });
/** Made by `balance.ts` in place of what was left out because it is nested too deeply. */
export const Omitted = createToken({ name: "Omitted", pattern: Lexer.NA });

const operators = [["Arrow", "->"], ["Or", "|"], ["And", "&"], ["LessEqual", "<="], ["Less", "<"], ["GreaterEqual", ">="], ["Greater", ">"], ["Equal", "=="], ["NotEqual", "!="], ["Plus", "+"], ["Minus", "-"], ["Times", "*"], ["Divide", "/"], ["Power", "^"]]
  .map(([name, pattern]) => createToken({ name: name!, pattern: pattern!, categories: Operator }));

/** What other languages write, and what it is here. */
export const foreignOperators: Readonly<Record<string, string>> = { "&&": "&", "||": "|", "**": "^", "!": "not", "%": "mod" };
/** The same in words, between two values. */
export const foreignWords: Readonly<Record<string, string>> = { and: "&", or: "|" };
/** Names of the special tokens that vocabularies write so. */
export const foreignTokens: Readonly<Record<string, string>> = { "</s>": "eos", "<|endoftext|>": "eos", "<|startoftext|>": "bos" };
const foreign = Object.keys(foreignOperators).map((pattern) => createToken({ name: `Foreign${pattern}`, pattern, categories: ForeignOperator }));

/** A word with a meaning of its own: reserved everywhere, or a `Word` that only some places treat apart. */
function keyword(word: string, category: TokenType): TokenType {
  return createToken({ name: `Word_${word}`, pattern: word, categories: category, longer_alt: [BadWord, Word] });
}

export const Import = keyword("import", Reserved);
export const Let = keyword("let", Reserved);
export const On = keyword("on", Reserved);
export const Off = keyword("off", Reserved);
export const Not = createToken({ name: "Word_not", pattern: "not", categories: [Reserved, Operator], longer_alt: [BadWord, Word] });
export const Mod = createToken({ name: "Word_mod", pattern: "mod", categories: [Reserved, Operator], longer_alt: [BadWord, Word] });

export const Repeat = keyword("repeat", Word);
export const Vary = keyword("vary", Word);
export const Remove = keyword("remove", Word);
export const Encoder = keyword("encoder", Word);
export const Decoder = keyword("decoder", Word);
export const Head = keyword("head", Word);
export const Weights = keyword("weights", Word);
export const Extends = keyword("extends", Word);
export const From = keyword("from", Word);
export const Of = keyword("of", Word);
export const In = keyword("in", Word);
export const As = keyword("as", Word);

/** Words that begin a statement of a form of its own and so cannot be declared as names. */
export const statementWords: readonly string[] = ["repeat", "vary", "remove", "encoder", "decoder", "head", "weights"];
/** Words that are never names. */
export const reservedWords: readonly string[] = ["import", "let", "on", "off", "not", "mod"];

const keywords = [Import, Let, On, Off, Not, Mod, Repeat, Vary, Remove, Encoder, Decoder, Head, Weights, Extends, From, Of, In, As];

/** Token types of the operators by what is written. */
export const operatorTypes: ReadonlyMap<string, TokenType> = new Map([...operators, Not, Mod].map((type) => [type.PATTERN as string, type]));

/** In order of trial; longer operators stand before their beginnings, and a numeral before a dot. */
export const tokenTypes: TokenType[] = [
  WhiteSpace, Comment, ForeignComment, ...keywords, BadWord, Word, NumberText, Text, TokenName, ForeignToken,
  LeftBrace, RightBrace, LeftParenthesis, RightParenthesis, LeftBracket, RightBracket, Comma, Semicolon, Colon, Dot,
  ...foreign.filter((type) => (type.PATTERN as string).length === 2), ...operators.filter((type) => (type.PATTERN as string).length === 2),
  Equals, ...foreign.filter((type) => (type.PATTERN as string).length === 1), ...operators.filter((type) => (type.PATTERN as string).length === 1),
  Operator, ForeignOperator, Reserved, Unknown, Omitted,
];

let lexer: Lexer | undefined;

/** The lexer, made on first use: making it costs milliseconds that `pt --help` need not pay. */
export function ptLexer(): Lexer {
  // `skipValidations`: a test runs them.
  lexer ??= new Lexer(tokenTypes, { ensureOptimizations: true, skipValidations: true, positionTracking: "onlyOffset" });
  return lexer;
}

const numberBody = /(?:\d\w*(?:\.\d\w*)?|\.\d\w*)/y;

/** A numeral with everything that touches it; a sign belongs to it only after `e` and before a digit. */
function scanNumber(text: string, offset: number): [string] | null {
  numberBody.lastIndex = offset;
  if (!numberBody.test(text)) return null;
  let end = numberBody.lastIndex;
  const signed = (text[end] === "-" || text[end] === "+") && /\d/.test(text[end + 1] ?? "") && /^[\d_.]+[eE]$/.test(text.slice(offset, end));
  if (signed) {
    end += 2;
    while (end < text.length && /\w/.test(text[end]!)) end++;
  }
  if (text[end] === "%") end++;
  return [text.slice(offset, end)];
}

/** A string up to its closing quote. Without one it ends with the line, less the closing brackets that were opened before it. */
function scanText(text: string, offset: number): [string] | null {
  const quote = text[offset];
  if (quote !== '"' && quote !== "'") return null;
  let end = offset + 1;
  for (; end < text.length; end++) {
    const character = text[end];
    if (character === quote) return [text.slice(offset, end + 1)];
    if (character === "\n" || character === "\r") break;
    if (character === "\\" && text[end + 1] !== "\n" && text[end + 1] !== "\r") end++;
  }
  if (quote === "'") return null;
  return [text.slice(offset, withoutOuterClosers(text, offset, Math.min(end, text.length)))];
}

/** In `f("abc) }` the brackets most likely close what stands before the string; in `"hello (you)` they do not. */
function withoutOuterClosers(text: string, start: number, end: number): number {
  let open = 0;
  let surplus = 0;
  for (let i = start; i < end; i++) {
    if ("([{".includes(text[i]!)) open++;
    else if (")]}".includes(text[i]!)) {
      if (open > 0) open--;
      else surplus++;
    }
  }
  while (surplus > 0 && end > start + 1 && /[)\]}\s,]/.test(text[end - 1]!)) {
    if (/[)\]}]/.test(text[end - 1]!)) surplus--;
    end--;
  }
  while (end > start + 1 && /[\s]/.test(text[end - 1]!)) end--;
  return end;
}

/** `# …` to the end of the line, or `/* … *\/`. */
function scanForeignComment(text: string, offset: number): [string] | null {
  if (text[offset] === "#") {
    let end = offset;
    while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
    return [text.slice(offset, end)];
  }
  if (text[offset] !== "/" || text[offset + 1] !== "*") return null;
  const close = text.indexOf("*/", offset + 2);
  return [text.slice(offset, close < 0 ? text.length : close + 2)];
}
