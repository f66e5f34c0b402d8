// SentencePiece's compiled rules (`precompiled_charsmap`, T5 and XLM-R): a double-array trie from byte strings to replacements.

import { normalizer } from "./normalizer.ts";
import { transform } from "../text/aligned.ts";
import { graphemes } from "../text/graphemes.ts";
import type { Change } from "../text/aligned.ts";
import type { Normalizer } from "./normalizer.ts";

/** Rules for longer graphemes are not looked up, whatever the trie holds (the library's own limit). */
const longestRule = 6;
const cacheSize = 1 << 14;

/** Null for bytes that are not such rules: a size, that many bytes of trie, then the replacements, each closed by a zero. */
export function precompiledNormalizer(bytes: Uint8Array): Normalizer | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) % 4 !== 0 || view.getUint32(0, true) + 4 > bytes.length) return null;
  const size = view.getUint32(0, true);
  const trie = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const lookUp = (text: string): string | null => {
    const at = shortestPrefix(trie, Buffer.from(text));
    if (at < 0) return null;
    const start = 4 + size + at;
    let end = start;
    while (end < bytes.length && bytes[end] !== 0) end++;
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end));
  };
  const cache = new Map<string, string | null>();
  const rule = (text: string): string | null => {
    let found = cache.get(text);
    if (found === undefined) {
      if (cache.size >= cacheSize) cache.clear();
      cache.set(text, (found = lookUp(text)));
    }
    return found;
  };
  const plain = Array.from({ length: 128 }, (_, code) => rule(String.fromCharCode(code)) ?? String.fromCharCode(code));
  const identity = plain.every((made, code) => code < 0x20 || code === 0x7f || made === String.fromCharCode(code));

  // Between two ASCII characters there is a grapheme boundary, but for CR LF; only the rest needs a closer look.
  const parts = identity ? /\r\n|[^\x20-\x7e][^\x00-\x7f]*|[\x20-\x7e][^\x00-\x7f]+/gu : /\r\n|[\x00-\x7f][^\x00-\x7f]*|[^\x00-\x7f]+/gu;
  const apply = (text: string): string => {
    if (identity && !/[^\x20-\x7e]/.test(text)) return text;
    return text.replace(parts, (part) => (part.length === 1 && part < "\x80" ? plain[part.charCodeAt(0)] : graphemes(part).map((grapheme) => replaced(grapheme, rule)).join("")));
  };
  return normalizer(apply, (text) => transform(text, changesOf(text.text, rule)));
}

type Rule = (text: string) => string | null;

/** A rule for the whole grapheme, else one for each of its characters. */
function replaced(grapheme: string, rule: Rule): string {
  const whole = Buffer.byteLength(grapheme) < longestRule ? rule(grapheme) : null;
  return whole ?? Array.from(grapheme, (character) => rule(character) ?? character).join("");
}

function changesOf(text: string, rule: Rule): Change[] {
  const changes: [string, number][] = [];
  // `count` characters become `made`: too many are inserted at the end, missing ones swallowed by the character before.
  const change = (count: number, made: string): void => {
    const characters = [...made];
    characters.forEach((character, i) => changes.push([character, i >= count ? 1 : 0]));
    if (characters.length < count && changes.length > 0) changes[changes.length - 1][1] += characters.length - count;
  };
  for (const grapheme of graphemes(text)) {
    const whole = Buffer.byteLength(grapheme) < longestRule ? rule(grapheme) : null;
    if (whole !== null) change([...grapheme].length, whole);
    else for (const character of grapheme) change(1, rule(character) ?? character);
  }
  return changes;
}

/** Value of the shortest key that begins the bytes, -1 where none does. Units of the trie: label, leaf bit 8, offset from bit 10, shifted by 8 more where bit 9 is set. */
function shortestPrefix(trie: Uint32Array, key: Uint8Array): number {
  const offset = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  let at = offset(trie[0]);
  for (const byte of key) {
    if (byte === 0) return -1;
    at ^= byte;
    const unit = trie[at];
    if (unit === undefined || (unit & 0x800000ff) !== byte) return -1;
    at ^= offset(unit);
    if (((unit >>> 8) & 1) === 1) return trie[at] & 0x7fffffff;
  }
  return -1;
}
