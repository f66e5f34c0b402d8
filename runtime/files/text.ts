// Reading data files: bytes, decompression, strict UTF-8, always with the hash of what was on the disk.

import { createReadStream } from "node:fs";
import { createHash } from "node:crypto";
import { createGunzip } from "node:zlib";
import { badEncoding } from "../../grammar/diagnostics/PT7003-bad-encoding.ts";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { nulCharacters } from "../../grammar/diagnostics/PT7092-nul-characters.ts";
import { UserError, fileError, systemCode } from "./user-error.ts";
import type { Hash } from "node:crypto";
import type { DataFile } from "./resolve.ts";

const chunkBytes = 1 << 20;

/** The bytes of a file in pieces, a `.gz` decompressed; `hash` is fed the bytes as they lie on the disk. Throws UserError. */
export async function* readBytes(file: DataFile, hash?: Hash): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file.path, { highWaterMark: chunkBytes });
  source.on("data", (chunk) => hash?.update(chunk));
  const compressed = file.path.endsWith(".gz");
  const stream = compressed ? source.pipe(createGunzip({ chunkSize: chunkBytes })) : source;
  // `pipe` does not carry errors on.
  if (compressed) source.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw fileError(unreadableFile, file.name, { file: file.name, reason: reasonOf(code) });
  } finally {
    source.destroy();
  }
}

/** The text of a file in pieces that never cut a character; a byte-order mark at the start is dropped. Throws UserError where it is not UTF-8, or has a NUL. */
export async function* readText(file: DataFile, hash?: Hash): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let offset = 0;
  let lines = 0;
  let pending = new Uint8Array(0);
  for await (const chunk of readBytes(file, hash)) {
    // Up to three bytes of an unfinished character are kept here too, so that an error can name its byte.
    const bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const end = bytes.length - unfinished(bytes);
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(0, end));
    } catch {
      throw encodingError(file, bytes, offset, lines);
    }
    const nul = bytes.subarray(0, end).indexOf(0);
    if (nul >= 0) throw nulError(file, bytes, offset, lines, nul);
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) lines++;
    if (offset === 0 && text.startsWith("\ufeff")) text = text.slice(1);
    offset += end;
    pending = bytes.slice(end);
    if (text !== "") yield text;
  }
  if (pending.length > 0) throw encodingError(file, pending, offset, lines);
}

/** The sha256 of a file's bytes on the disk, in hexadecimal. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** A small text file as a whole: strict UTF-8, for tokenizers and settings. Throws UserError. */
export async function readWhole(file: DataFile): Promise<string> {
  let text = "";
  for await (const piece of readText(file)) text += piece;
  return text;
}

/** How many bytes at the end begin a character that is not complete. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return 0;
    if (byte >= 0xf8) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function nulError(file: DataFile, bytes: Uint8Array, offset: number, lines: number, at: number): UserError {
  const line = lines + 1 + bytes.subarray(0, at).filter((byte) => byte === 10).length;
  // Latin letters of UTF-16: every other byte is 0.
  const guess = offset > 0 || at > 1 || bytes[at + 2] !== 0 ? null : at === 0 ? "UTF-16BE" : "UTF-16LE";
  return fileError(nulCharacters, file.name, { file: file.name, byte: offset + at, line, guess });
}

function encodingError(file: DataFile, bytes: Uint8Array, offset: number, lines: number): UserError {
  const at = firstBadByte(bytes);
  let line = lines + 1;
  for (let i = 0; i < at; i++) if (bytes[i] === 10) line++;
  const guess = offset > 0 ? undefined : bytes[0] === 0xff && bytes[1] === 0xfe ? "UTF-16LE" : bytes[0] === 0xfe && bytes[1] === 0xff ? "UTF-16BE" : undefined;
  return fileError(badEncoding, file.name, { file: file.name, byte: offset + at, line, value: bytes[at], ...(guess === undefined ? {} : { guess }) });
}

/** Offset of the first byte that does not begin or continue a well-formed character (Unicode 15, table 3-7): found by decoding ever shorter prefixes. */
function firstBadByte(bytes: Uint8Array): number {
  const decodes = (end: number): boolean => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (middle <= bytes.length && decodes(middle)) good = middle;
    else bad = middle;
  }
  // What decodes as a stream may end in an unfinished character: that character is the bad one.
  let at = Math.min(good, bytes.length);
  at -= unfinished(bytes.subarray(0, at));
  return Math.min(at, bytes.length - 1);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOENT: "it is gone",
  EIO: "the disk failed",
  EMFILE: "too many files are open",
  Z_DATA_ERROR: "it is not gzip, or damaged",
  Z_BUF_ERROR: "the gzip data ends too early",
};

export function reasonOf(code: string): string {
  return reasons[code] ?? code;
}
