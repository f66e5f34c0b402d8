// Decoders of the `tokenizers` library: tokens become text. Each takes the list of tokens and gives another; the last list is joined.

import { fromAlphabet } from "../text/byte-alphabet.ts";

export type Decoder = (tokens: readonly string[]) => string[];

export const sequenceDecoder = (steps: readonly Decoder[]): Decoder => (tokens) => steps.reduce((list, step) => step(list), [...tokens]);

/** Without a decoder tokens stand side by side with spaces. */
export const spacedDecoder: Decoder = (tokens) => [tokens.join(" ")];

export const fuseDecoder: Decoder = (tokens) => [tokens.join("")];

/** A token with a character out of the byte alphabet stands for itself. */
export const byteLevelDecoder: Decoder = (tokens) => {
  const encoder = new TextEncoder();
  return [decodeBytes(Buffer.concat(tokens.map((token) => fromAlphabet(token) ?? encoder.encode(token))))];
};

/** Bytes that are not UTF-8 become U+FFFD. */
export function decodeBytes(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** The mark is a space, but for marks of the first token, which were put in front. */
export const metaspaceDecoder = (replacement: string, prepends: boolean): Decoder => (tokens) =>
  tokens.map((token, i) => token.replaceAll(replacement, i === 0 && prepends ? "" : " "));

/** `cleanup`: the spaces that taking a text apart put before punctuation and English endings go. */
export const wordPieceDecoder = (prefix: string, cleanup: boolean): Decoder => (tokens) =>
  tokens.map((token, i) => {
    const text = i === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
    return cleanup ? cleanUp(text) : text;
  });

const endings: readonly (readonly [string, string])[] = [[" .", "."], [" ?", "?"], [" !", "!"], [" ,", ","], [" ' ", "'"], [" n't", "n't"], [" 'm", "'m"], [" do not", " don't"], [" 's", "'s"], [" 've", "'ve"], [" 're", "'re"]];

function cleanUp(text: string): string {
  return /^ ?\w*$/.test(text) ? text : endings.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
}

/** The suffix that closes a word is a space, but at the end. */
export const bpeDecoder = (suffix: string): Decoder => (tokens) =>
  tokens.map((token, i) => (suffix === "" ? token : token.replaceAll(suffix, i + 1 === tokens.length ? "" : " ")));

/** Runs of `<0xE2>` are bytes; where they are not UTF-8 each of them is U+FFFD. */
export const byteFallbackDecoder: Decoder = (tokens) => {
  const result: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) result.push(...textOf(Uint8Array.from(bytes)));
    bytes = [];
  };
  for (const token of tokens) {
    const byte = byteOf(token);
    if (byte === null) {
      flush();
      result.push(token);
    } else bytes.push(byte);
  }
  flush();
  return result;
};

/** The byte of `<0xE2>`; null for other tokens. */
export function byteOf(token: string): number | null {
  return /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : null;
}

function textOf(bytes: Uint8Array): string[] {
  try {
    return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)];
  } catch {
    return Array.from(bytes, () => "\ufffd");
  }
}

/** At most `start` and `stop` characters of a kind at the ends of each token go. */
export const stripDecoder = (content: string, start: number, stop: number): Decoder => (tokens) =>
  tokens.map((token) => {
    let from = 0;
    let to = token.length;
    while (from < start * content.length && token.startsWith(content, from)) from += content.length;
    for (let i = 0; i < stop && to - content.length >= from && token.slice(to - content.length, to) === content; i++) to -= content.length;
    return token.slice(from, to);
  });

/** `pattern` is global. */
export const replaceDecoder = (pattern: RegExp, content: string): Decoder => (tokens) => tokens.map((token) => token.replace(pattern, () => content));
