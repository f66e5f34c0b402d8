// Lines of bytes that come in any pieces; lines that are no text are known by their numbers, and spoil no other.

import { expect, test } from "vitest";
import { linesOf } from "../../runtime/files/lines.ts";

async function read(pieces: readonly (string | Uint8Array)[], longest?: number): Promise<[number, string, string | null][]> {
  const found: [number, string, string | null][] = [];
  const bytes = (async function* () { for (const piece of pieces) yield typeof piece === "string" ? Buffer.from(piece) : piece; })();
  for await (const { first, lines, broken } of linesOf(bytes, "x.txt", longest)) lines.forEach((line, i) => found.push([first + i, line, broken?.get(i) ?? null]));
  return found;
}

test.each([[["one\ntwo\n\nfour"]], [["o", "ne", "\n", "two\n", "\nfo", "ur"]], [["\ufeffone\ntwo\n\nfour"]], [["one\ntwo\n\nfour\n"]]])("%j", async (pieces) => {
  expect(await read(pieces)).toEqual([[1, "one", null], [2, "two", null], [3, "", null], [4, "four", null]]);
});

test("bytes that are not UTF-8, and NUL", async () => {
  expect(await read([Buffer.from("a\nb\xe9\nc\0\nd", "latin1")])).toEqual([[1, "a", null], [2, "", "not UTF-8 (`b\ufffd`)"], [3, "c\0", "a NUL character, as UTF-16 and binary files have"], [4, "d", null]]);
});

test("a line that is too long is not kept, wherever it ends", async () => {
  const long = "a line of more than 10 bytes";
  expect(await read(["ab\n", "0123456789", "0123456789", "0123\ncd\ne", "f"], 10)).toEqual([[1, "ab", null], [2, "", long], [3, "cd", null], [4, "ef", null]]);
  expect(await read(["ab\n0123456789", "0123456789"], 10)).toEqual([[1, "ab", null], [2, "", long]]);
});
