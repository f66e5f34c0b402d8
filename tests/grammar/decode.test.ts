// Bytes that are text, and bytes that are not.

import { describe, expect, test } from "vitest";
import { decode } from "../../grammar/decode.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("decode", () => {
  test.each([
    ["plain", utf8("let a = 1\n"), "let a = 1\n"],
    ["empty", bytes(), ""],
    ["with a byte-order mark", utf8("\ufefflet a"), "let a"],
    ["with CRLF and CR", utf8("a\r\nb\rc"), "a\r\nb\rc"],
    ["beyond ASCII", utf8("// 日本 😀"), "// 日本 😀"],
  ])("text: %s", (_name, input, text) => expect(decode(input, "a.pt")).toEqual({ text }));

  test.each([
    ["zip", bytes(0x50, 0x4b, 3, 4, 0), "PT1003"],
    ["pickle", bytes(0x80, 2, 0x8a), "PT1003"],
    ["NUL", bytes(0x61, 0), "PT1002"],
    ["UTF-16", bytes(0xff, 0xfe, 0x61, 0), "PT1001"],
    ["Latin-1", bytes(0x61, 0x0a, 0x62, 0xe9, 0x20), "PT1001"],
  ])("not text: %s", (_name, input, code) => expect(decode(input, "a.pt")).toMatchObject({ diagnostic: { code, file: "a.pt" } }));

  test("the first bad byte is named", () => {
    expect(decode(bytes(0x61, 0x0a, 0x62, 0xe9, 0x20), "a.pt")).toMatchObject({ diagnostic: { start: { line: 2, column: 2, offset: 3 } } });
  });
});
