// What single tokens stand for: text, bytes, and whether a word begins with them.

import { decodeBytes, byteOf } from "../decoders/steps.ts";
import { fromAlphabet } from "../text/byte-alphabet.ts";
import type { StreamDecoder } from "../define.ts";
import type { AddedToken } from "../text/added.ts";
import type { TokenizerParts } from "./read.ts";

export interface TokenTexts {
  /** UTF-8 bytes of the text of an id. */
  readonly bytes: (id: number) => number;
  /** As people are shown it. */
  readonly shown: (id: number) => string;
  readonly wordStarts: (ids: ArrayLike<number>) => Uint8Array;
  /** `decode` of lists of ids as a stream; `keeps`: which ids have text there. */
  readonly stream: (decode: (ids: readonly number[]) => string, keeps: (id: number) => boolean) => StreamDecoder;
}

interface Vocabulary { readonly size: number; readonly vocab: readonly (string | undefined)[]; readonly addedById: ReadonlyMap<number, AddedToken> }

/** How a token relates to the words around it. */
const [beginsWithSpace, endsWithSpace, alwaysStarts, closesWord] = [1, 2, 4, 8];

export function tokenTexts({ model, preTokenizer, root }: TokenizerParts, { size, vocab, addedById }: Vocabulary): TokenTexts {
  const { byteLevel } = preTokenizer;
  const { prefix, suffix } = model;
  const mark = preTokenizer.mark ?? (JSON.stringify(root.decoder ?? null).includes("▁") || vocab.includes("▁") ? "▁" : null);
  const encoder = new TextEncoder();
  const known = (id: number): boolean => id >= 0 && id < size;

  /** Bytes that an id stands for; those of added tokens are their text. */
  const bytesOf = (id: number): Uint8Array => {
    const token = addedById.get(id)?.content ?? vocab[id];
    if (token === undefined) return new Uint8Array(0);
    if (addedById.has(id)) return encoder.encode(token);
    if (byteLevel) return fromAlphabet(token) ?? encoder.encode(token);
    const byte = byteOf(token);
    if (byte !== null) return Uint8Array.of(byte);
    if (mark !== null) return encoder.encode(token.replaceAll(mark, " "));
    if (suffix !== "") return encoder.encode(token.endsWith(suffix) ? `${token.slice(0, -suffix.length)} ` : token);
    if (prefix !== "") return encoder.encode(token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`);
    return encoder.encode(token);
  };
  const flagsOf = (id: number): number => {
    const token = addedById.get(id)?.content ?? vocab[id];
    if (token === undefined) return 0;
    if (addedById.has(id)) return alwaysStarts | closesWord;
    if (prefix !== "") return token.startsWith(prefix) ? 0 : alwaysStarts;
    if (suffix !== "") return token.endsWith(suffix) ? closesWord : 0;
    const bytes = bytesOf(id);
    const text = decodeBytes(bytes);
    return (/^\p{White_Space}/u.test(text) ? beginsWithSpace : 0) | (/\p{White_Space}$/u.test(text) ? endsWithSpace : 0);
  };
  let flags: Uint8Array | null = null;

  return {
    bytes: (id) => (known(id) ? bytesOf(id).length : 0),
    shown(id) {
      if (addedById.has(id)) return addedById.get(id)!.content;
      const token = known(id) ? vocab[id] : undefined;
      if (token === undefined) return "";
      return byteLevel ? shownBytes(bytesOf(id)) : mark === null ? token : token.replaceAll(mark, " ");
    },
    wordStarts(ids) {
      flags ??= Uint8Array.from({ length: size }, (_, id) => flagsOf(id));
      const starts = new Uint8Array(ids.length);
      let before = closesWord;
      for (let i = 0; i < ids.length; i++) {
        const here = known(ids[i]) ? flags[ids[i]] : 0;
        const spaced = (here & beginsWithSpace) !== 0 && (before & endsWithSpace) === 0;
        starts[i] = Number((here & alwaysStarts) !== 0 || (before & closesWord) !== 0 || spaced);
        before = here;
      }
      return starts;
    },
    stream: (decode, keeps) => (byteLevel ? byteStream((id) => (known(id) && keeps(id) ? bytesOf(id) : new Uint8Array(0))) : windowStream(decode)),
  };
}

function byteStream(bytesOf: (id: number) => Uint8Array): StreamDecoder {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { push: (id) => decoder.decode(bytesOf(id), { stream: true }), end: () => decoder.decode() };
}

/**
 * A decoder may look at the token before, so the last tokens that gave text are decoded again with the new ones, and what is new is printed.
 * Text that ends in U+FFFD may be half a character and waits, as in `DecodeStream` of the library.
 */
function windowStream(decode: (ids: readonly number[]) => string): StreamDecoder {
  let ids: number[] = [];
  let printed = 0;
  let first = true;
  const rest = (): string => decode(ids).slice(first ? 0 : decode(ids.slice(0, printed)).length);
  return {
    push(id) {
      ids.push(id);
      const text = rest();
      if (text === "" || text.endsWith("\ufffd")) return "";
      ids = ids.slice(first ? 0 : printed);
      first = false;
      printed = ids.length;
      return text;
    },
    end: rest,
  };
}

function shownBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`).join("");
  }
}
