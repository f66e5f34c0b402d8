// Patterns of `tokenizer.json` files are written for Oniguruma (Ruby's syntax); here they become JavaScript's.

import { wordCharacters } from "../pre-tokenizers/patterns.ts";

export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** The pattern as a global expression, or why it has no equal. */
export function translateRegex(pattern: string): RegExp | { readonly problem: string } {
  try {
    return new RegExp(translate(pattern), "gu");
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

interface Reader { readonly text: string; at: number; groups: number }

function translate(pattern: string): string {
  const reader: Reader = { text: pattern, at: 0, groups: 0 };
  const result = alternatives(reader, false);
  if (reader.at < pattern.length) throw new Error("a `)` too many");
  return result;
}

function alternatives(reader: Reader, ignoreCase: boolean): string {
  let result = "";
  // `(?i)` holds until the end of its group, over the alternatives that follow too.
  const mode = { ignoreCase };
  while (reader.at < reader.text.length && reader.text[reader.at] !== ")") {
    if (reader.text[reader.at] === "|") {
      reader.at++;
      result += "|";
      continue;
    }
    const piece = atom(reader, mode);
    result += piece === "" ? "" : quantified(reader, piece);
  }
  return result;
}

/** An atom with its quantifier. What Ruby calls possessive takes all it can and gives nothing back: a look-ahead that is then repeated. */
function quantified(reader: Reader, piece: string): string {
  const found = /^(?:[*+?]|\{\d*,?\d*\})/.exec(reader.text.slice(reader.at));
  if (found === null) return piece;
  reader.at += found[0].length;
  const quantifier = found[0].replace(/^\{,/, "{0,");
  const next = reader.text[reader.at];
  if (next === "?") {
    reader.at++;
    return `${piece}${quantifier}?`;
  }
  if (next !== "+") return quantified(reader, piece + quantifier);
  reader.at++;
  // After an interval, Ruby's `+` repeats the whole once more or oftener.
  return quantifier.startsWith("{") ? `(?:${piece}${quantifier})+` : atomic(reader, piece + quantifier);
}

function atomic(reader: Reader, inner: string): string {
  const name = `atomic${reader.groups++}`;
  return `(?:(?=(?<${name}>${inner}))\\k<${name}>)`;
}

function atom(reader: Reader, mode: { ignoreCase: boolean }): string {
  const character = String.fromCodePoint(reader.text.codePointAt(reader.at)!);
  reader.at += character.length;
  switch (character) {
    case "(":
      return group(reader, mode);
    case "[":
      return characterClass(reader, mode.ignoreCase);
    case "\\":
      return escape(reader, false, mode.ignoreCase);
    case ".":
      return "[^\\n]";
    case "^":
      return "(?<![^\\n])";
    case "$":
      return "(?![^\\n])";
    default:
      return mode.ignoreCase ? bothCases(character) : escapeRegex(character).replace("\\-", "-");
  }
}

function group(reader: Reader, mode: { ignoreCase: boolean }): string {
  const kind = /^\?(?:[:=!>]|<[=!]|<\w+>|([imx]*)(?:-([imx]*))?(:|\)))/.exec(reader.text.slice(reader.at));
  if (kind === null && reader.text[reader.at] === "?") throw new Error(`the group \`(${reader.text.slice(reader.at, reader.at + 4)}\``);
  reader.at += kind?.[0].length ?? 0;
  let ignoreCase = mode.ignoreCase;
  if (kind?.[3] !== undefined) {
    const [, on = "", off = "", close] = kind;
    if (/[mx]/.test(on + off)) throw new Error(`the option \`(?${on}${off})\``);
    ignoreCase = on.includes("i") || (ignoreCase && !off.includes("i"));
    if (close === ")") {
      mode.ignoreCase = ignoreCase;
      return "";
    }
  }
  const inner = alternatives(reader, ignoreCase);
  if (reader.text[reader.at++] !== ")") throw new Error("a group that is not closed");
  const look = kind?.[0] ?? "";
  if (look === "?>") return atomic(reader, inner);
  return /^\?<?[=!]$/.test(look) ? `(${look}${inner})` : `(?:${inner})`;
}

const classes: Readonly<Record<string, string>> = { s: "\\p{White_Space}", d: "\\p{Nd}", w: wordCharacters, h: "0-9a-fA-F" };

/** What follows a backslash. Inside a class only characters and classes may. */
function escape(reader: Reader, inside: boolean, ignoreCase: boolean): string {
  const letter = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0x5c);
  reader.at += letter.length;
  const lower = letter.toLowerCase();
  if (lower in classes) {
    const negative = letter !== lower;
    if (!inside) return `[${negative ? "^" : ""}${classes[lower]}]`;
    if (!negative) return classes[lower];
    if (lower === "s") return "\\P{White_Space}";
    if (lower === "d") return "\\P{Nd}";
    throw new Error(`\`\\${letter}\` inside a class`);
  }
  if (lower === "p") return property(reader, letter === "P");
  if (lower === "x" || lower === "u") {
    const code = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2,4}))/.exec(reader.text.slice(reader.at, reader.at + (letter === "x" && reader.text[reader.at] !== "{" ? 2 : 12)));
    if (code === null) throw new Error(`\`\\${letter}\``);
    reader.at += code[0].length;
    return `\\u{${code[1] ?? code[2]}}`;
  }
  if (/[nrtfv0]/.test(letter)) return `\\${letter}`;
  if (letter === "e") return "\\u001b";
  if (!inside) {
    if (letter === "A") return "(?<![^])";
    if (letter === "z") return "(?![^])";
    if (letter === "b") return `(?:(?<=[${wordCharacters}])(?![${wordCharacters}])|(?<![${wordCharacters}])(?=[${wordCharacters}]))`;
  }
  if (/[A-Za-z0-9]/.test(letter)) throw new Error(`\`\\${letter}\``);
  return inside ? escapeInClass(letter) : ignoreCase ? bothCases(letter) : escapeRegex(letter).replace("\\-", "-");
}

const properties: Readonly<Record<string, string>> = { alpha: "Alphabetic", space: "White_Space", digit: "Nd", punct: "P", upper: "Uppercase", lower: "Lowercase", any: "Any", cntrl: "Cc" };

function property(reader: Reader, negative: boolean): string {
  const found = /^(?:\{(\^?)([\w=]+)\}|([A-Z]))/.exec(reader.text.slice(reader.at));
  if (found === null) throw new Error("a property without a name");
  reader.at += found[0].length;
  const name = found[2] ?? found[3];
  const letter = negative !== (found[1] === "^") ? "P" : "p";
  for (const candidate of [properties[name.toLowerCase()], name, `Script=${name}`]) {
    if (candidate !== undefined && isProperty(candidate)) return `\\${letter}{${candidate}}`;
  }
  throw new Error(`the property \`${name}\``);
}

function isProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

function characterClass(reader: Reader, ignoreCase: boolean): string {
  const { text } = reader;
  let result = "[";
  if (text[reader.at] === "^") {
    reader.at++;
    result += "^";
  }
  for (let first = true; ; first = false) {
    if (reader.at >= text.length) throw new Error("a class that is not closed");
    const character = String.fromCodePoint(text.codePointAt(reader.at)!);
    reader.at += character.length;
    if (character === "]" && !first) return `${result}]`;
    if (character === "&" && text[reader.at] === "&") throw new Error("an intersection of classes");
    if (character === "[") {
      const posix = /^:(\^?)(\w+):\]/.exec(text.slice(reader.at));
      const name = posix === null ? undefined : properties[posix[2]];
      if (posix === null || name === undefined) throw new Error("a class inside a class");
      reader.at += posix[0].length;
      result += `\\${posix[1] === "^" ? "P" : "p"}{${name}}`;
      continue;
    }
    const one = character === "\\" ? escape(reader, true, false) : escapeInClass(character);
    const range = text[reader.at] === "-" && text[reader.at + 1] !== "]" && text[reader.at + 1] !== undefined;
    if (!range) {
      result += one + (ignoreCase && /^[a-zA-Z]$/.test(one) ? swapCase(one) : "");
      continue;
    }
    reader.at++;
    const end = String.fromCodePoint(text.codePointAt(reader.at)!);
    reader.at += end.length;
    const to = end === "\\" ? escape(reader, true, false) : escapeInClass(end);
    result += `${one}-${to}`;
    if (ignoreCase && /^[a-zA-Z]$/.test(one) && /^[a-zA-Z]$/.test(to)) result += `${swapCase(one)}-${swapCase(to)}`;
  }
}

function escapeInClass(character: string): string {
  return /[\\\]\[^-]/.test(character) ? `\\${character}` : character;
}

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

/** Simple case folding: `(?i:s)` also matches `ſ`, as Unicode has it. */
function bothCases(character: string): string {
  const forms = new Set([character, character.toLowerCase(), character.toUpperCase(), ...(/[sS]/.test(character) ? ["ſ"] : []), ...(/[kK]/.test(character) ? ["\u212a"] : [])]);
  const single = [...forms].filter((form) => [...form].length === 1);
  return single.length === 1 ? escapeRegex(character).replace("\\-", "-") : `[${single.map(escapeInClass).join("")}]`;
}
