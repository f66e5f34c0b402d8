// What the text of a number or a string means, and what is wrong with it.

import type { NumberLiteral, Span, StringLiteral } from "./ast.ts";
import { badNumber } from "./diagnostics/PT1011-bad-number.ts";
import { unterminatedString } from "./diagnostics/PT1012-unterminated-string.ts";
import { badEscape } from "./diagnostics/PT1013-bad-escape.ts";
import { badHole } from "./diagnostics/PT1014-bad-hole.ts";
import { singleQuotes } from "./diagnostics/PT1017-single-quotes.ts";
import type { Reporter } from "./report.ts";
import { unitOf } from "./units.ts";

const magnitudes: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, B: 1e9, T: 1e12 };
const wellFormed = /^(\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:e[+-]?\d+)?)([kMBT])?(%)?$/;

/** The literal of a number's text. A bad number is reported and read as the number that was most likely meant. */
export function readNumber(raw: string, span: Span, reporter: Reporter): NumberLiteral {
  const value = numberValue(raw);
  if (value !== undefined) return { kind: "number", span, value, raw, percent: raw.endsWith("%") };
  const { reason, meant } = explainNumber(raw);
  const title = meant === undefined ? "" : `Write \`${meant}\``;
  reporter.report(badNumber, span, { raw, reason, ...(meant === undefined ? {} : { meant }) }, { fix: meant === undefined ? undefined : { title, span, text: meant } });
  const [numeral = "", word = ""] = (meant ?? "").split(" ");
  const guess = numberValue(numeral) ?? 0;
  return {
    kind: "number", span, value: guess, raw, percent: numeral.endsWith("%"),
    ...(unitOf(word) ? { unit: { kind: "name", text: word, span } as const } : {}),
  };
}

/** The value of a well-formed number, with magnitude and percent applied; undefined if it is not one, or not finite. */
export function numberValue(raw: string): number | undefined {
  const match = wellFormed.exec(raw);
  if (!match || (match[2] && match[3])) return undefined;
  const digits = match[1]!.replaceAll("_", "");
  // The exponent is shifted in the text, so that 1.1k is 1100 and 0.7% is 0.007 to the last bit.
  const shift = match[2] ? Math.log10(magnitudes[match[2]]!) : match[3] ? -2 : 0;
  const [mantissa, exponent = "0"] = digits.split("e");
  const value = Number(`${mantissa}e${Number(exponent) + Math.round(shift)}`);
  return Number.isFinite(value) ? value : undefined;
}

const suffixes: Readonly<Record<string, string>> = { K: "k", m: "M", b: "B", g: "B", G: "B", t: "T" };

/** Why digits are not a number and, where it can be told, what was meant. */
function explainNumber(raw: string): { reason: string; meant?: string } {
  const [, digits = "", rest = ""] = /^(\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?|\.\d[\d_]*)(.*)$/s.exec(raw) ?? [];
  const clean = digits.replace(/_+/g, "_").replace(/_(?=\.|$|e)/g, "").replace(/\._/g, ".").replace(/^\./, "0.");
  const percent = rest.endsWith("%") ? "%" : "";
  const word = percent ? rest.slice(0, -1) : rest;
  const mended = (text: string): { meant?: string } => (numberValue(text.split(" ")[0]!) === undefined ? {} : { meant: text });
  if (wellFormed.test(raw) && numberValue(raw) === undefined && !percent) return { reason: "it is larger than any number that can be computed with" };
  if (word === "") return digits.startsWith(".") ? { reason: "a number begins with a digit", ...mended(`${clean}${percent}`) } : { reason: "`_` stands only between two digits", ...mended(`${clean}${percent}`) };
  if (percent && word in magnitudes) return { reason: "a number has a magnitude or a percent sign, not both" };
  if (/^[eE]$/.test(word)) return { reason: "the exponent after `e` has no digits", ...mended(clean) };
  if (/^E[+-]?\d+$/.test(word)) return { reason: "the exponent is written with a small `e`", ...mended(`${clean}e${word.slice(1)}`) };
  if (word in suffixes) return { reason: `\`${word}\` is no magnitude; ${magnitudeName(suffixes[word]!)} is \`${suffixes[word]}\``, ...mended(`${clean}${suffixes[word]}`) };
  if (unitOf(word)) return { reason: `the unit \`${word}\` is set off by a space`, ...mended(`${clean} ${word}`) };
  const inner = word[0]!;
  if ((inner in magnitudes || inner in suffixes) && unitOf(word.slice(1))) {
    const suffix = suffixes[inner] ?? inner;
    return { reason: `the unit \`${word.slice(1)}\` is set off by a space`, ...mended(`${clean}${suffix} ${word.slice(1)}`) };
  }
  if (/^[xX]/.test(word)) return { reason: "numbers are decimal" };
  return { reason: `\`${word}\` is no magnitude; the magnitudes are \`k\`, \`M\`, \`B\` and \`T\`` };
}

/** A magnitude in words. */
function magnitudeName(suffix: string): string {
  return { k: "a thousand", M: "a million", B: "a billion", T: "a trillion" }[suffix]!;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", '"': '"', "\\": "\\", "{": "{", "}": "}" };

/** The literal of a string's text. Bad escapes and holes are reported and kept as text. */
export function readString(raw: string, span: Span, reporter: Reporter): StringLiteral {
  const parts: ({ text: string } | { hole: string; span: Span })[] = [];
  let value = "";
  let text = "";
  const closed = raw.length > 1 && raw.endsWith(raw[0]!) && !endsEscaped(raw);
  const end = closed ? raw.length - 1 : raw.length;
  if (raw[0] === "'") {
    const doubled = `"${raw.slice(1, -1).replace(/(?<!\\)"/g, '\\"').replace(/\\'/g, "'")}"`;
    reporter.report(singleQuotes, span, {}, { fix: { title: "Use double quotes", span, text: doubled } });
  } else if (!closed) {
    reporter.report(unterminatedString, span, {}, { fix: { title: "Close the string", span: { start: span.end, end: span.end }, text: '"' } });
  }
  for (let i = 1; i < end; i++) {
    const character = raw[i]!;
    if (character === "\\") {
      const escape = readEscape(raw, i, end);
      if (escape.value === undefined && raw[0] === '"' && (closed || i < end - 1)) {
        const at = { start: span.start + i, end: span.start + i + escape.length };
        reporter.report(badEscape, at, { escape: raw.slice(i, i + escape.length) }, { fix: { title: "Write a backslash", span: { start: at.start, end: at.start }, text: "\\" } });
      }
      const piece = escape.value ?? raw.slice(i, i + escape.length);
      text += piece;
      value += piece;
      i += escape.length - 1;
    } else if (character === "{") {
      const hole = /^\{([^{}"\\]+)\}/.exec(raw.slice(i, Math.min(end, i + 200)));
      if (!hole) {
        const at = { start: span.start + i, end: span.start + i + 1 };
        if (closed) reporter.report(badHole, at, {}, { fix: { title: "Write a plain brace", span: at, text: "\\{" } });
        text += character;
        value += character;
        continue;
      }
      if (text !== "") parts.push({ text });
      text = "";
      parts.push({ hole: hole[1]!, span: { start: span.start + i, end: span.start + i + hole[0].length } });
      value += hole[0];
      i += hole[0].length - 1;
    } else {
      text += character;
      value += character;
    }
  }
  if (text !== "") parts.push({ text });
  return { kind: "string", span, value, raw, parts };
}

/** Whether the last quote is escaped: an odd number of backslashes stands before it. */
function endsEscaped(raw: string): boolean {
  let slashes = 0;
  for (let i = raw.length - 2; i > 0 && raw[i] === "\\"; i--) slashes++;
  return slashes % 2 === 1;
}

/** The character of the escape at `start`, undefined if there is no such escape, and its length in the text. */
function readEscape(raw: string, start: number, end: number): { value?: string; length: number } {
  const next = raw[start + 1];
  if (start + 1 >= end || next === undefined) return { length: 1 };
  if (next in escapes) return { value: escapes[next]!, length: 2 };
  if (next === "u") {
    const match = /^\\u\{([0-9a-fA-F]{1,6})\}/.exec(raw.slice(start, Math.min(end, start + 10)));
    const code = match ? Number.parseInt(match[1]!, 16) : Number.POSITIVE_INFINITY;
    if (match && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return { value: String.fromCodePoint(code), length: match[0].length };
    return { length: match?.[0].length ?? 2 };
  }
  return { length: next >= "\ud800" && next <= "\udbff" && start + 2 < end ? 3 : 2 };
}

/** The text of a string literal with this value, as the formatter writes it; `{` is escaped, so that it is no hole. */
export function quote(value: string): string {
  const plain = value.replace(/[\\"{]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `"${plain.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)}"`;
}
