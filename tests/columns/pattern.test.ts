// Columns that are parts of a text: tagged words, dictionaries, labels in the names of files.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sourceOf } from "../../compiler/phases/2-check/sources.ts";
import { check, noFiles } from "../../compiler/check.ts";
import type { PlanFiles } from "../../compiler/plan/schema.ts";
import { catalog } from "../../runtime/catalog.ts";
import { rowsOf } from "../../runtime/data/documents.ts";

/** Rows of the data source `it` of a spec over these files, and why others are none. */
async function rows(data: string, files: { readonly [name: string]: string }): Promise<{ readonly values: readonly unknown[]; readonly malformed: readonly string[] }> {
  const base = mkdtempSync(join(tmpdir(), "pattern-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(base, name, ".."), { recursive: true });
    writeFileSync(join(base, name), text);
  }
  const result = check(`data it { ${data} }\n`, catalog, { host: noFiles });
  const declared = result.program.entry.declarations[0];
  expect(result.diagnostics).toEqual([]);
  const source = sourceOf(declared, null, result.context) as PlanFiles;
  const values: unknown[] = [];
  const reading = rowsOf(source, { base });
  for (;;) {
    const next = await reading.next();
    if (next.done) return { values, malformed: next.value.malformed.first };
    values.push(...next.value.map((row) => row.values));
  }
}

const codes = (data: string): string[] => check(`data it { ${data} }\n`, catalog, { host: noFiles }).diagnostics.map(({ code }) => code);

describe("patterns of columns", () => {
  test("words with their tags", async () => {
    const { values } = await rows('files: "ca*"  format: lines  columns { words: words(pattern: "(\\\\S+)/\\\\S+")  tags: tags(pattern: "\\\\S+/([^\\\\s/-]+)") }', { ca01: "\n\tThe/at Fulton/np-tl County/nn-tl ./.\n\n" });
    expect(values).toEqual([{ words: ["The", "Fulton", "County", "."], tags: ["at", "np", "nn", "."] }]);
  });

  test("a dictionary, its comments malformed", async () => {
    const { values, malformed } = await rows('files: "dict.txt"  format: lines  malformed: 50%  columns { word: string(pattern: "^([A-Z\']+)  ")  phonemes: string(pattern: "  (.+)$") }', { "dict.txt": ";;; a comment\nABASH  AH0 B AE1 SH\n" });
    expect(values).toEqual([{ word: "ABASH", phonemes: "AH0 B AE1 SH" }]);
    expect(malformed).toEqual(["dict.txt:1: `text`: `;;; a comment` does not match `^([A-Z']+)  `"]);
  });

  test("a label that is a part of the path", async () => {
    const { values } = await rows('files: "*/*.txt"  columns { text: string  label: class(column: "path", pattern: "(ham|spam)") }', { "easy-ham-1/a.txt": "hello", "spam-2/b.txt": "buy" });
    expect(values).toEqual([{ text: "hello", label: "ham" }, { text: "buy", label: "spam" }]);
  });

  test("a class of a longer value", async () => {
    const { values } = await rows('files: "a.jsonl"  format: jsonl  columns { label: class(column: "group", pattern: "(ham|spam)-") }', { "a.jsonl": '{"group":"hard-ham-1"}\n' });
    expect(values).toEqual([{ label: "ham" }]);
  });

  test("what is no pattern, and what a document does not have", () => {
    expect(codes('files: "a"  format: lines  columns { text: string(pattern: "(") }')).toEqual(["PT7052"]);
    expect(codes('files: "a"  format: lines  columns { text: string(column: "title") }')).toEqual(["PT7052"]);
    expect(codes('files: "a"  format: lines  columns { text: string  n: number }')).toEqual([]);
  });
});
