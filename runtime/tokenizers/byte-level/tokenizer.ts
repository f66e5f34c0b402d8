// A byte-level tokenizer from its parts: text → added tokens → pieces → bytes → merges, and back.

import { sentinelText } from "../define.ts";
import { addedMatcher } from "./added.ts";
import { byteToCharacter, fromAlphabet } from "./alphabet.ts";
import { mergeSymbols, mergeTable } from "./merge.ts";
import { piecesOf } from "./pieces.ts";
import { postProcess } from "./post.ts";
import { tokenizerJson } from "./write-json.ts";
import type { Encoding, Tokenizer } from "../define.ts";
import type { AddedToken } from "./added.ts";
import type { PostStep } from "./post.ts";

export interface ByteLevelParts {
  readonly kind: string;
  /** Token text of each id; a hole is an id that nothing uses. All 256 characters of the alphabet are there. */
  readonly vocab: readonly (string | undefined)[];
  readonly merges: readonly (readonly [string, string])[];
  readonly added: readonly AddedToken[];
  readonly prefixSpace: boolean;
  /** Whether the GPT-2 regex cuts the text into pieces. */
  readonly regex: boolean;
  /** A piece that is a token as a whole is not merged. */
  readonly ignoreMerges: boolean;
  readonly post: readonly PostStep[];
  /** Further names of special tokens: `mask` → `[MASK]`. */
  readonly names?: ReadonlyMap<string, string>;
  /** Ids of the sentinels, where they are not called `<X>`, `<Y>`, `<Z>`, `<extra_3>` … */
  readonly sentinels?: readonly number[];
}

const cacheSize = 1 << 17;
const replacing = { ignoreBOM: true } as const;

export function byteLevelTokenizer(parts: ByteLevelParts): Tokenizer {
  const { vocab, added } = parts;
  const size = added.reduce((most, token) => Math.max(most, token.id + 1), vocab.length);
  const idOf = new Map<string, number>();
  vocab.forEach((token, id) => token !== undefined && idOf.set(token, id));
  const addedById = new Map(added.map((token) => [token.id, token]));
  const addedByText = new Map(added.map((token) => [token.content, token.id]));
  const idOfByte = Int32Array.from(byteToCharacter, (character) => idOf.get(character)!);
  const table = mergeTable(parts.merges.map(([left, right]) => [idOf.get(left)!, idOf.get(right)!, idOf.get(left + right)!]), size);
  const split = addedMatcher(added);
  const encoder = new TextEncoder();
  const cache = new Map<string, Int32Array>();

  /** Bytes of each id: of the alphabet where its text is written in it, else the text itself, as the library's decoder has it. */
  const bytesById = Array.from({ length: size }, (_, id): Uint8Array => {
    const token = addedById.get(id)?.content ?? vocab[id];
    if (token === undefined) return new Uint8Array(0);
    return (addedById.has(id) ? null : fromAlphabet(token)) ?? encoder.encode(token);
  });
  const isSpecial = (id: number): boolean => addedById.get(id)?.special === true;

  const encodePiece = (piece: string): Int32Array => {
    const whole = parts.ignoreMerges ? idOf.get([...encoder.encode(piece)].map((byte) => byteToCharacter[byte]).join("")) : undefined;
    if (whole !== undefined) return Int32Array.of(whole);
    const symbols = Int32Array.from(encoder.encode(piece), (byte) => idOfByte[byte]);
    return parts.merges.length === 0 ? symbols : symbols.slice(0, mergeSymbols(symbols, table));
  };
  const encodeCached = (piece: string): Int32Array => {
    let ids = cache.get(piece);
    if (ids === undefined) {
      ids = encodePiece(piece);
      // Long pieces are rare and seldom come again; a full cache starts over.
      if (piece.length <= 64) {
        if (cache.size >= cacheSize) cache.clear();
        cache.set(piece, ids);
      }
    }
    return ids;
  };
  const prefixed = (text: string): string => (parts.prefixSpace && !text.startsWith(" ") ? ` ${text}` : text);
  const cut = (text: string): Iterable<string> => (parts.regex ? piecesOf(text) : text === "" ? [] : [text]);

  const encodePlain = (text: string, out: IdBuffer): void => {
    if (text === "") return;
    if (parts.merges.length === 0 && !parts.ignoreMerges) return out.append(encodePiece(prefixed(text)));
    for (const piece of cut(prefixed(text))) out.append(encodeCached(piece));
  };

  const encodeOne = (text: string, type: number): Encoding => {
    const result: Encoding = { ids: [], tokens: [], offsets: [], type_ids: [] };
    const points = codePointIndex(text);
    const put = (id: number, start: number, end: number): void => {
      result.ids.push(id);
      result.tokens.push(addedById.get(id)?.content ?? vocab[id] ?? "");
      result.offsets.push([start, end]);
      result.type_ids.push(type);
    };
    for (const stretch of split(text)) {
      if (stretch.id !== null) {
        put(stretch.id, points(stretch.start), points(stretch.end));
        continue;
      }
      const part = text.slice(stretch.start, stretch.end);
      const whole = prefixed(part);
      // The space that was put in front shares the offsets of the first character.
      const owners = codePointOfByte(part, points(stretch.start), whole.length > part.length);
      let at = 0;
      for (const piece of cut(whole)) {
        for (const id of encodeCached(piece)) {
          const length = bytesById[id].length;
          put(id, owners[at], owners[at + length - 1] + 1);
          at += length;
        }
      }
    }
    return result;
  };

  const sentinels = parts.sentinels ?? findSentinels(addedByText);
  const reserved = new Set(sentinels);
  const decodeStream: Tokenizer["decodeStream"] = ({ special = false } = {}) => {
    const decoder = new TextDecoder("utf-8", replacing);
    return {
      push: (id) => (id < 0 || id >= size || (!special && isSpecial(id)) ? "" : decoder.decode(bytesById[id], { stream: true })),
      end: () => decoder.decode(),
    };
  };

  return {
    kind: parts.kind,
    vocab: size,
    sentinels,
    encode(text, { special = false } = {}) {
      const out = idBuffer(text.length);
      if (!special) encodePlain(text, out);
      else for (const { start, end, id } of split(text)) id === null ? encodePlain(text.slice(start, end), out) : out.append(Int32Array.of(id));
      return out.take();
    },
    encodeFull: (text, pair) => postProcess(parts.post, encodeOne(text, 0), pair === undefined ? null : encodeOne(pair, 1)),
    decode(ids, { special = false } = {}) {
      const chunks: Uint8Array[] = [];
      for (let i = 0; i < ids.length; i++) if (ids[i] >= 0 && ids[i] < size && (special || !isSpecial(ids[i]))) chunks.push(bytesById[ids[i]]);
      return new TextDecoder("utf-8", replacing).decode(Buffer.concat(chunks));
    },
    decodeStream,
    special(name) {
      const bare = name.replace(/^<(.*)>$/s, "$1");
      return addedByText.get(parts.names?.get(bare) ?? `<${bare}>`) ?? null;
    },
    bytesOf: (id) => (id < 0 || id >= size || isSpecial(id) || reserved.has(id) ? 0 : bytesById[id].length),
    text(id) {
      if (addedById.has(id)) return addedById.get(id)!.content;
      return id < 0 || id >= size ? "" : shown(bytesById[id]);
    },
    json: () => tokenizerJson(parts),
  };
}

function findSentinels(added: ReadonlyMap<string, number>): number[] {
  const ids: number[] = [];
  for (let id = added.get(sentinelText(0)); id !== undefined; id = added.get(sentinelText(ids.length))) ids.push(id);
  return ids;
}

function shown(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`).join("");
  }
}

/** From UTF-16 offsets, asked in ascending order, to code points. */
function codePointIndex(text: string): (offset: number) => number {
  let at = 0;
  let points = 0;
  return (offset) => {
    for (; at < offset; at++) {
      const code = text.charCodeAt(at);
      const low = code >= 0xdc00 && code <= 0xdfff;
      const high = at > 0 ? text.charCodeAt(at - 1) : 0;
      if (!(low && high >= 0xd800 && high <= 0xdbff)) points++;
    }
    return points;
  };
}

/** Code point index of each UTF-8 byte of a text, `first` that of its first. */
function codePointOfByte(text: string, first: number, prefixed: boolean): Int32Array {
  const owners: number[] = prefixed ? [first] : [];
  let index = first;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    for (let bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4; bytes > 0; bytes--) owners.push(index);
    index++;
  }
  return Int32Array.from(owners);
}

interface IdBuffer { readonly append: (ids: Int32Array) => void; readonly take: () => Int32Array }

function idBuffer(guess: number): IdBuffer {
  let ids = new Int32Array(Math.max(16, guess >> 1));
  let length = 0;
  return {
    append(more) {
      if (length + more.length > ids.length) {
        const larger = new Int32Array(Math.max(ids.length * 2, length + more.length));
        larger.set(ids.subarray(0, length));
        ids = larger;
      }
      if (more.length < 8) for (let i = 0; i < more.length; i++) ids[length + i] = more[i];
      else ids.set(more, length);
      length += more.length;
    },
    take: () => ids.slice(0, length),
  };
}
