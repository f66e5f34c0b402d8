// `normalizer` of a `tokenizer.json`.

import { bertNormalizer } from "../normalizers/bert.ts";
import { sequence } from "../normalizers/normalizer.ts";
import { precompiledNormalizer } from "../normalizers/precompiled.ts";
import { lowercase, nmt, prepend, replace, strip, stripAccents } from "../normalizers/simple.ts";
import { unicodeForm } from "../normalizers/unicode.ts";
import { escapeRegex, translateRegex } from "../text/regex.ts";
import { isObject, typeOf } from "./json.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { Json, Report } from "./json.ts";

export function readNormalizer(part: unknown, report: Report): Normalizer | null {
  const steps = part == null ? [] : stepsOf(part, report);
  return steps.length === 0 ? null : sequence(steps);
}

function stepsOf(part: unknown, report: Report): Normalizer[] {
  const read = isObject(part) ? readers[String(part.type)] : undefined;
  const steps = read?.(part as Json, report);
  if (steps == null) report.asks.push(`\`normalizer\` ${typeOf(part)}`);
  return steps ?? [];
}

/** Null for settings that are not understood. */
const readers: Readonly<Record<string, (part: Json, report: Report) => Normalizer[] | null>> = {
  Sequence: (part, report) => (Array.isArray(part.normalizers) ? part.normalizers.flatMap((step) => stepsOf(step, report)) : null),
  NFC: () => [unicodeForm("NFC")],
  NFD: () => [unicodeForm("NFD")],
  NFKC: () => [unicodeForm("NFKC")],
  NFKD: () => [unicodeForm("NFKD")],
  Lowercase: () => [lowercase],
  StripAccents: () => [stripAccents],
  Nmt: () => [nmt],
  Strip: (part) => [strip(part.strip_left !== false, part.strip_right !== false)],
  Prepend: (part) => (typeof part.prepend === "string" ? [prepend(part.prepend)] : null),
  BertNormalizer: (part) => [
    bertNormalizer({
      cleanText: part.clean_text !== false,
      chinese: part.handle_chinese_chars !== false,
      // Unless it is said, accents go with case.
      stripAccents: typeof part.strip_accents === "boolean" ? part.strip_accents : part.lowercase !== false,
      lowercase: part.lowercase !== false,
    }),
  ],
  Replace: (part, report) => {
    const pattern = readPattern(part.pattern, "`normalizer` `Replace`", report);
    return pattern === null ? [] : typeof part.content === "string" ? [replace(pattern, part.content)] : null;
  },
  Precompiled: (part) => {
    if (typeof part.precompiled_charsmap !== "string") return null;
    const rules = precompiledNormalizer(Buffer.from(part.precompiled_charsmap, "base64"));
    return rules === null ? null : [rules];
  },
};

/** `{ String: … }` or `{ Regex: … }` as a global expression; null after a report. */
export function readPattern(pattern: unknown, where: string, report: Report): RegExp | null {
  const literal = isObject(pattern) ? pattern.String : pattern;
  if (typeof literal === "string" && literal !== "") return new RegExp(escapeRegex(literal).replaceAll("\\-", "-"), "gu");
  const regex = isObject(pattern) ? pattern.Regex : undefined;
  const read = typeof regex === "string" ? translateRegex(regex) : { problem: "it is no text" };
  if (read instanceof RegExp) return read;
  report.asks.push(`${where} with a pattern that cannot be read (${read.problem})`);
  return null;
}
