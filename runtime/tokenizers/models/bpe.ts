// Byte pair encoding of a piece: its characters or bytes as ids, then the merges.

import { byteToCharacter } from "../text/byte-alphabet.ts";
import { mergeSymbols, mergeTable } from "./merge.ts";
import type { Model, PieceTokens } from "./model.ts";

export interface BpeSettings {
  readonly idOf: ReadonlyMap<string, number>;
  /** In order of their ranks; all three texts are in `idOf`. */
  readonly merges: readonly (readonly [left: string, right: string, result: string])[];
  /** Pieces are UTF-8 bytes written in the byte-level alphabet. */
  readonly byteLevel: boolean;
  readonly unknown: number | null;
  readonly fuseUnknown: boolean;
  /** Characters out of the vocabulary are spelled `<0xE2>` byte by byte. */
  readonly byteFallback: boolean;
  /** A piece that is a token as a whole is not merged. */
  readonly ignoreMerges: boolean;
  /** But for these ids, which text never becomes: special tokens. */
  readonly hidden: ReadonlySet<number>;
  /** Put before all symbols of a piece but the first, and after the last. */
  readonly prefix: string;
  readonly suffix: string;
}

export function bpeModel(settings: BpeSettings): Model {
  const { idOf, byteLevel, unknown, prefix, suffix } = settings;
  const table = mergeTable(settings.merges.map(([left, right, result]) => [idOf.get(left)!, idOf.get(right)!, idOf.get(result)!]));
  const fallback = settings.byteFallback ? Array.from({ length: 256 }, (_, byte) => idOf.get(byteToken(byte)) ?? -1) : null;
  const whole = settings.ignoreMerges ? idOf : null;
  const encoder = new TextEncoder();
  // Symbols of the piece at hand: id, and the stretch of the piece that each covers.
  let symbols = new Int32Array(256);
  let starts = new Int32Array(256);
  let ends = new Int32Array(256);
  let firsts = new Int32Array(256);
  let length = 0;

  const add = (id: number, start: number, end: number): void => {
    if (length === symbols.length) [symbols, starts, ends, firsts] = [symbols, starts, ends, firsts].map(doubled);
    symbols[length] = id;
    starts[length] = start;
    ends[length] = end;
    firsts[length] = length++;
  };
  const spell = (text: string, first: boolean, last: boolean): string => (first ? "" : prefix) + text + (last ? suffix : "");
  const characterIds = [false, true].map((first) => [false, true].map((last) => (byteLevel ? byteToCharacter.map((character) => idOf.get(spell(character, first, last)) ?? -1) : [])));

  const readBytes = (piece: string): void => {
    for (let at = 0; at < piece.length; ) {
      const point = piece.codePointAt(at)!;
      const end = at + (point > 0xffff ? 2 : 1);
      if (point < 0x80) {
        addByte(characterIds[Number(at === 0)][Number(end === piece.length)][point], at, end);
      } else {
        const bytes = encoder.encode(piece.slice(at, end));
        for (let i = 0; i < bytes.length; i++) addByte(characterIds[Number(at === 0 && i === 0)][Number(end === piece.length && i === bytes.length - 1)][bytes[i]], at, end);
      }
      at = end;
    }
  };
  const addByte = (id: number, start: number, end: number): void => {
    if (id >= 0) add(id, start, end);
    else if (unknown !== null) add(unknown, start, end);
  };
  const readCharacters = (piece: string): void => {
    let pending = -1;
    for (let at = 0; at < piece.length; ) {
      const end = at + (piece.codePointAt(at)! > 0xffff ? 2 : 1);
      const text = spell(piece.slice(at, end), at === 0, end === piece.length);
      const id = idOf.get(text);
      if (id !== undefined) {
        if (pending >= 0) add(unknown!, pending, at);
        pending = -1;
        add(id, at, end);
      } else if (fallback === null || !addFallback(fallback, text, at, end)) {
        if (pending >= 0 && !settings.fuseUnknown) add(unknown!, pending, at);
        if (unknown !== null && (pending < 0 || !settings.fuseUnknown)) pending = at;
      }
      at = end;
    }
    if (pending >= 0) add(unknown!, pending, piece.length);
  };
  const addFallback = (ids: readonly number[], text: string, start: number, end: number): boolean => {
    const bytes = encoder.encode(text);
    if (bytes.some((byte) => ids[byte] < 0)) return false;
    for (const byte of bytes) add(ids[byte], start, end);
    return true;
  };

  const tokenize = (piece: string): PieceTokens => {
    const known = whole?.get(byteLevel ? Array.from(encoder.encode(piece), (byte) => byteToCharacter[byte]).join("") : piece);
    if (known !== undefined && !settings.hidden.has(known)) return { ids: [known], ranges: null };
    length = 0;
    if (byteLevel) readBytes(piece);
    else readCharacters(piece);
    const read = length;
    if (table.result.length > 0) length = mergeSymbols(symbols, firsts, length, table);
    const ids = new Array<number>(length);
    if (length === 1 && starts[0] === 0 && ends[read - 1] === piece.length) return { ids: [symbols[0]], ranges: null };
    const ranges = new Array<number>(2 * length);
    for (let i = 0; i < length; i++) {
      ids[i] = symbols[i];
      ranges[2 * i] = starts[firsts[i]];
      ranges[2 * i + 1] = ends[(i + 1 < length ? firsts[i + 1] : read) - 1];
    }
    return { ids, ranges };
  };
  return { tokenize, surface: null, ...(cutsAtSpaces(settings) ? { cut: cutAtSpaces } : {}) };
}

export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

/** Where no token goes over the start of a `▁`, no merge does, and the stretches between are independent (Llama 2 has no pre-tokeniser). */
function cutsAtSpaces({ idOf, byteLevel, ignoreMerges, prefix, suffix }: BpeSettings): boolean {
  return !byteLevel && !ignoreMerges && prefix === "" && suffix === "" && idOf.has("▁") && [...idOf.keys()].every((token) => !/[^▁]▁/u.test(token));
}

function cutAtSpaces(text: string): string[] {
  return text.match(/▁+[^▁]*|[^▁]+/g) ?? [];
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
