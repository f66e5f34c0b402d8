// A file as lines: split at the bytes, so that one line which is not UTF-8 is known by its number and spoils no other.

import { badEncoding } from "../../grammar/diagnostics/PT7003-bad-encoding.ts";
import { fileError } from "./user-error.ts";

/** Consecutive lines without their `\n` (a `\r` before it stays); `broken` says what is wrong with lines that are no text (not UTF-8, a NUL, too long), by their index here. */
export interface Lines {
  /** Number of the first, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
  readonly broken: ReadonlyMap<number, string> | null;
}

/** A line of more bytes than this is no row that was meant: it is not kept. */
const longestLine = 1 << 28;

/** Batches of lines of a file whose bytes come in pieces; a byte-order mark at the start is dropped. Throws UserError (PT7003) for UTF-16. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, file: string, longest = longestLine): AsyncGenerator<Lines> {
  // The line that is not complete yet, in pieces; null: it is too long, and its end is looked for.
  let open: Uint8Array[] | null = [];
  let size = 0;
  let first = 1;
  let begun = false;
  for await (const piece of bytes) {
    let chunk = piece;
    if (!begun) {
      chunk = Buffer.concat([...open!, piece]);
      open = [];
      size = 0;
      if (chunk.length < 3) {
        open.push(chunk);
        continue;
      }
      begun = true;
      chunk = withoutMark(chunk, file);
    }
    if (open === null) {
      const end = chunk.indexOf(10);
      if (end < 0) continue;
      yield tooLong(first++, longest);
      chunk = chunk.subarray(end + 1);
      open = [];
      size = 0;
    }
    const end = chunk.lastIndexOf(10);
    if (end >= 0) {
      const batch: Lines = decode(size === 0 ? chunk.subarray(0, end) : Buffer.concat([...open, chunk.subarray(0, end)]), first);
      yield batch;
      first += batch.lines.length;
      open = [];
      size = 0;
    }
    // A copy: the stream may use its memory again.
    open.push(Uint8Array.from(chunk.subarray(end + 1)));
    size += chunk.length - (end + 1);
    if (size > longest) open = null;
  }
  if (open === null) {
    yield tooLong(first, longest);
    return;
  }
  const rest: Uint8Array = Buffer.concat(open);
  const last = begun ? rest : withoutMark(rest, file);
  if (last.length > 0) yield decode(last, first);
}

function tooLong(first: number, longest: number): Lines {
  return { first, lines: [""], broken: new Map([[0, `a line of more than ${longest} bytes`]]) };
}

function withoutMark(chunk: Uint8Array, file: string): Uint8Array {
  const guess = chunk[0] === 0xff && chunk[1] === 0xfe ? "UTF-16LE" : chunk[0] === 0xfe && chunk[1] === 0xff ? "UTF-16BE" : null;
  if (guess) throw fileError(badEncoding, file, { file, byte: 0, line: 1, value: chunk[0], guess });
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, first: number): Lines {
  try {
    const text = strict.decode(bytes);
    return text.includes("\0") ? decodeEach(bytes, first) : { first, lines: text.split("\n"), broken: null };
  } catch {
    return decodeEach(bytes, first);
  }
}

/** Line by line, where one of them is no text. */
function decodeEach(bytes: Uint8Array, first: number): Lines {
  const lines: string[] = [];
  const broken = new Map<number, string>();
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const line = bytes.subarray(start, found < 0 ? bytes.length : found);
    try {
      const text = strict.decode(line);
      if (text.includes("\0")) broken.set(lines.length, "a NUL character, as UTF-16 and binary files have");
      lines.push(text);
    } catch {
      broken.set(lines.length, `not UTF-8 (\`${new TextDecoder().decode(line.subarray(0, 60))}\`)`);
      lines.push("");
    }
    start += line.length + 1;
  }
  return { first, lines, broken };
}
