// Texts and pairs on standard input: plain lines, JSON lines, or one JSON list.

import { badEncoding } from "../../grammar/diagnostics/PT7003-bad-encoding.ts";
import { unencodableInput } from "../../grammar/diagnostics/PT7015-unencodable-input.ts";
import { fileError } from "../files/user-error.ts";

export interface InputText { readonly text: string; readonly pair?: string; /** From 1; null in a list of several lines. */ readonly line: number | null }

/**
 * Texts as they come. Where the first line is JSON (a text, or a list of texts and pairs) all are; a list of two texts is a pair, any other
 * list is its items. A list over several lines is read whole. Throws UserError (PT7003, PT7015).
 */
export async function* readTexts(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<InputText> {
  let number = 0;
  let json = false;
  /** Lines of what may be one list, until its end shows it. */
  let open: string[] | null = null;
  for await (const line of readLines(chunks)) {
    number++;
    if (number === 1) {
      json = itemsOf(parse(line)) !== null;
      if (!json && /^\s*\[\s*(?:["[]|$)/.test(line)) open = [];
    }
    if (open !== null) open.push(line);
    else if (!json) yield { text: line, line: number };
    else if (line.trim() !== "") yield* itemsAt(parse(line), number);
  }
  if (open === null) return;
  const whole = itemsOf(parse(open.join("\n")));
  if (whole !== null) for (const [text, pair] of whole) yield { text, ...(pair === undefined ? {} : { pair }), line: null };
  else for (const [i, line] of open.entries()) yield { text: line, line: i + 1 };
}

type Item = readonly [text: string, pair?: string];

function* itemsAt(value: unknown, line: number): Iterable<InputText> {
  const items = itemsOf(value);
  if (items === null) throw fileError(unencodableInput, "", { line, reason: "it is not JSON of a text or of texts, as the first line was" });
  for (const [text, pair] of items) yield { text, ...(pair === undefined ? {} : { pair }), line };
}

/** Null for JSON that is neither a text nor a list of texts and pairs. */
function itemsOf(value: unknown): readonly Item[] | null {
  const item = itemOf(value);
  if (item !== null) return [item];
  if (!Array.isArray(value)) return null;
  const items = value.map(itemOf);
  return items.some((found) => found === null) ? null : (items as Item[]);
}

function itemOf(value: unknown): Item | null {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value) || value.length === 0 || value.length > 2 || !value.every((text) => typeof text === "string")) return null;
  return [value[0], value[1]];
}

/** Undefined for what is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines without their ends, each strict UTF-8. */
async function* readLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let pending: Uint8Array[] = [];
  let number = 0;
  let offset = 0;
  const decode = (parts: readonly Uint8Array[]): string => {
    const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    number++;
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      const at = firstBad(bytes);
      throw fileError(badEncoding, "standard input", { file: "standard input", byte: offset + at, line: number, value: bytes[at] });
    }
    if (number === 1 && text.startsWith("\ufeff")) text = text.slice(1);
    offset += bytes.length + 1;
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield decode([...pending, chunk.subarray(start, end)]);
      pending = [];
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.slice(start));
  }
  if (pending.length > 0) yield decode(pending);
}

/** Where the bytes and their lossy reading, written again, part. */
function firstBad(bytes: Uint8Array): number {
  const again = Buffer.from(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === again[at]) at++;
  return at;
}
