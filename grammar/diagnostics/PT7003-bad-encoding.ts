// A text file holds bytes that are not UTF-8.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const badEncoding = defineDiagnostic<{ readonly file: string; readonly byte: number; readonly line: number; readonly value: number; readonly guess?: string }>({
  code: "PT7003",
  slug: "bad-encoding",
  severity: "error",
  title: "A text file is not UTF-8.",
  message: (data) => `\`${data.file}\` is not UTF-8: byte 0x${data.value.toString(16).padStart(2, "0")} at offset ${data.byte}, line ${data.line}`,
  hint: (data) => (data.guess ? `it looks like ${data.guess}; convert it: \`iconv -f ${data.guess} -t UTF-8 ${data.file}\`` : "convert the file to UTF-8, or leave it out of `files`"),
  page: "Text is read as UTF-8 without guessing: replacing bad bytes would put characters into the data that nobody wrote. In formats of one record a line (`lines`, `jsonl`, `csv`, `tsv`) a line that is not UTF-8 is a malformed row instead (PT7050). The offset counts bytes from 0 (after decompression for `.gz`), the line from 1.",
  // A text in an example is always UTF-8, so the failing bytes cannot be written here; tests/runtime/files/text.test.ts has them.
  failing: dataExample({ format: "text", beside: { "data.txt": "data:;base64,Q2FmZQpDYWbpCk5vaXIK" } }),
  fixed: dataExample(),
});
