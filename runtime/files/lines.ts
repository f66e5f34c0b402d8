// A file as lines: split at the bytes, so that one line which is not UTF-8 is known by its number and spoils no other.

import { badEncoding } from "../../grammar/diagnostics/PT7003-bad-encoding.ts";
import { fileError } from "./user-error.ts";

/** Consecutive lines without their `\n` (a `\r` before it stays); `broken` says what is wrong with lines that are not UTF-8, by their index here. */
export interface Lines {
  /** Number of the first, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
  readonly broken: ReadonlyMap<number, string> | null;
}

/** Batches of lines of a file whose bytes come in pieces; a byte-order mark at the start is dropped. Throws UserError (PT7003) for UTF-16. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Lines> {
  let rest = new Uint8Array(0);
  let first = 1;
  let begun = false;
  for await (const piece of bytes) {
    let chunk = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (!begun) {
      if (chunk.length < 3) {
        rest = Uint8Array.from(chunk);
        continue;
      }
      begun = true;
      chunk = withoutMark(chunk, file);
    }
    const end = chunk.lastIndexOf(10);
    if (end >= 0) {
      const batch = decode(chunk.subarray(0, end), first);
      yield batch;
      first += batch.lines.length;
    }
    // A copy: the stream may use its memory again.
    rest = Uint8Array.from(chunk.subarray(end + 1));
  }
  if (!begun) rest = Uint8Array.from(withoutMark(rest, file));
  if (rest.length > 0) yield decode(rest, first);
}

function withoutMark(chunk: Uint8Array, file: string): Uint8Array {
  const guess = chunk[0] === 0xff && chunk[1] === 0xfe ? "UTF-16LE" : chunk[0] === 0xfe && chunk[1] === 0xff ? "UTF-16BE" : null;
  if (guess) throw fileError(badEncoding, file, { file, byte: 0, line: 1, value: chunk[0], guess });
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, first: number): Lines {
  try {
    return { first, lines: strict.decode(bytes).split("\n"), broken: null };
  } catch {
    return decodeEach(bytes, first);
  }
}

/** Line by line, where one of them is not UTF-8. */
function decodeEach(bytes: Uint8Array, first: number): Lines {
  const lines: string[] = [];
  const broken = new Map<number, string>();
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const line = bytes.subarray(start, found < 0 ? bytes.length : found);
    try {
      lines.push(strict.decode(line));
    } catch {
      broken.set(lines.length, `not UTF-8 (\`${new TextDecoder().decode(line.subarray(0, 60))}\`)`);
      lines.push("");
    }
    start += line.length + 1;
  }
  return { first, lines, broken };
}
