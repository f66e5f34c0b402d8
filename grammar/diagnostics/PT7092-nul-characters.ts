// A text file holds NUL characters.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const nulCharacters = defineDiagnostic<{ readonly file: string; readonly byte: number; readonly line: number; readonly guess: string | null }>({
  code: "PT7092",
  slug: "nul-characters",
  severity: "error",
  title: "A text file holds NUL characters.",
  message: ({ file, byte, line }) => `\`${file}\` has a NUL character at offset ${byte}, line ${line}`,
  hint: ({ file, guess }) => (guess ? `it looks like ${guess} without a byte-order mark; convert it: \`iconv -f ${guess} -t UTF-8 ${file}\`` : "it may be a binary file, which is better left out of `files`; else remove the characters"),
  page: "A NUL is a character of UTF-8, and no text has one: files that do are of another encoding (UTF-16 has one beside each Latin letter), or no text at all. In formats of one record a line (`lines`, `jsonl`, `csv`, `tsv`) a line with one is a malformed row instead (PT7050). The offset counts bytes from 0 (after decompression for `.gz`).",
  failing: dataExample({ format: "text", beside: { "data.txt": "C\0a\0l\0l\0 \0m\0e\0" } }),
  fixed: dataExample({ format: "text", beside: { "data.txt": "Call me" } }),
});
