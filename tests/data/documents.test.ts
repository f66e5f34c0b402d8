// From files to documents and rows: types, malformed rows, splits that leak nothing, labels, cleaning.

import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { PlanFiles, PlanSource } from "../../compiler/plan/schema.ts";
import { fingerprintOf, readDocuments, rowsOf } from "../../runtime/data/documents.ts";
import { labelsOf } from "../../runtime/data/labels.ts";
import { dealer } from "../../runtime/data/split.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import { fileSource } from "./plans.ts";

const base = temporaryFolder({
  "a.jsonl": '{"text": "one", "label": "10", "score": 1}\n{"text": 5, "label": "2", "score": 2}\n{"label": "2"}\nnot json\n{"text": "two", "label": "2", "score": "x"}\n',
  "b.jsonl.gz": gzipSync('{"text": "three", "label": "9", "score": 3}\n'),
  "lists/words.txt": "darn\n",
  "lines.txt": "A darn line.\nA good line.\n",
});
const columns = { text: { type: "string", column: "text", labels: null }, label: { type: "class", column: "label", labels: null }, score: { type: "number", column: "score", labels: null } } as const;
const table = (changes: Partial<PlanFiles> = {}): PlanFiles => fileSource({ files: ["*.jsonl", "*.jsonl.gz"], format: "jsonl", columns, malformed: 1, ...changes });

async function rows(source: PlanFiles, folder = base): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const batch of rowsOf(source, { base: folder })) found.push(...batch.map(({ file, line, values }) => [`${file}:${line}`, ...Object.values(values)]));
  return found;
}

async function documents(source: PlanSource, folder = base): Promise<string[]> {
  const found: string[] = [];
  await readDocuments(source, { base: folder }, (document) => found.push(document));
  return found;
}

describe("rows", () => {
  it("have the types of their columns, from files and gz alike", async () => {
    expect(await rows(table())).toEqual([["a.jsonl:1", "one", "10", 1], ["b.jsonl.gz:1", "three", "9", 3]]);
    const summary = await readDocuments(table(), { base }, () => {});
    expect(summary.malformed).toEqual({ count: 4, rows: 6, first: [
      "a.jsonl:2: `text`: `5` is no text", "a.jsonl:3: no value of `text`", expect.stringMatching(/^a.jsonl:4: no JSON/), "a.jsonl:5: `score`: `x` is no number",
    ] });
  });

  it("stop the reading above the share, at the file and line of the first", async () => {
    expect(await problems(() => rows(table({ malformed: 0 })))).toEqual([expect.stringMatching(/^PT7050 4 of 6 rows are malformed: a.jsonl:2: .*66.7%/)]);
    expect(await problems(() => rows(table({ malformed: 0.66 })))).toEqual([expect.stringMatching(/^PT7050 4 of 6 rows.*malformed: 66.7%.*it is 66%/)]);
    expect(await rows(table({ malformed: 0.67 }))).toHaveLength(2);
  });

  it("have labels in natural order of all parts, or as they are named", async () => {
    expect(await labelsOf(table({ columns: { text: columns.text, label: columns.label } }), { base })).toEqual({ label: ["2", "9", "10"] });
    const named = table({ columns: { label: { ...columns.label, labels: ["9", "10"] } } });
    expect(await labelsOf(named, { base })).toEqual({ label: ["9", "10"] });
    expect(await rows(named)).toEqual([["a.jsonl:1", "10"], ["b.jsonl.gz:1", "9"]]);
  });

  it("may all be malformed, or none be there", async () => {
    const folder = temporaryFolder({ "x.csv": "", "y.csv": "text\n", "z.csv": "text\n\"open\n" });
    const csv = (file: string): PlanFiles => fileSource({ files: [file], format: "csv", columns: { text: columns.text } });
    expect(await rows(csv("x.csv"), folder)).toEqual([]);
    expect(await rows(csv("y.csv"), folder)).toEqual([]);
    expect(await problems(() => rows(csv("z.csv"), folder))).toEqual([expect.stringMatching(/^PT7050 1 of 1 rows is malformed: z.csv:2: a quote that is never closed/)]);
  });
});

describe("a split by document", () => {
  const split = { by: "document", parts: { train: 0.6, valid: 0.2, test: 0.2 } } as const;

  it("never puts one text into two parts, and loses none", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 60, maxLength: 120 }), async (numbers) => {
      const all = [...Array.from({ length: 20 }, (_, i) => 100 + i), ...numbers].map((number) => `text ${number}`);
      const half = all.length >> 1;
      const folder = temporaryFolder({ "1.txt": `${all.slice(0, half).join("\n")}\n`, "2.txt": all.slice(half).join("\n") });
      const parts = await Promise.all(Object.keys(split.parts).map((part) => documents(fileSource({ files: ["*.txt"], split, part }), folder)));
      expect(parts.flat().sort()).toEqual([...all].sort());
      expect(parts.map((part) => new Set(part).size).reduce((sum, size) => sum + size)).toBe(new Set(all).size);
    }), { numRuns: 20 });
  });

  it("goes by the texts of a table, whatever the labels", async () => {
    const folder = temporaryFolder({ "x.tsv": Array.from({ length: 40 }, (_, i) => `text ${i % 20}\t${i}\n`).join("") });
    const source = fileSource({ files: ["x.tsv"], format: "tsv", columns: { text: { ...columns.text, column: 1 }, label: { ...columns.label, column: 2 } }, split });
    const parts = await Promise.all(Object.keys(split.parts).map(async (part) => new Set((await documents({ ...source, part }, folder)))));
    expect(parts.map((part) => part.size)).toEqual([12, 4, 4]);
    expect(new Set(parts.flatMap((part) => [...part])).size).toBe(20);
  });

  it("of very many goes by hashes alone, near the shares", () => {
    const counts = Object.keys(split.parts).map((part) => {
      const deal = dealer(split.parts, part, "", 10);
      const texts = Array.from({ length: 5_000 }, (_, i) => `document ${i}`);
      texts.forEach(deal.count);
      deal.finish();
      return texts.filter(deal.isWanted);
    });
    expect(new Set(counts.flat()).size).toBe(5_000);
    counts.forEach((list, i) => expect(Math.abs(list.length / 5_000 - Object.values(split.parts)[i])).toBeLessThan(0.02));
  });

  it("does not move when rules of cleaning are turned on", async () => {
    const folder = temporaryFolder({ "x.txt": Array.from({ length: 50 }, (_, i) => `A sentence with number ${i}${i % 2 ? "." : ""}\n`).join("") });
    const raw = await documents(fileSource({ files: ["x.txt"], split, part: "train" }), folder);
    const clean = await documents(fileSource({ files: ["x.txt"], split, part: "train", clean: [{ word: "terminal_punctuation", arguments: {} }] }), folder);
    expect(clean).toEqual(raw.filter((text) => text.endsWith(".")));
  });
});

describe("cleaning", () => {
  const rule = { word: "no_bad_words", arguments: { list: "lists/words.txt" } };

  it("says what each rule removed, with examples and where they stood", async () => {
    const source = fileSource({ files: ["lines.txt"], clean: [rule, { word: "min_words", arguments: { words: 2 } }] });
    const found: string[] = [];
    const { cleaning } = await readDocuments(source, { base }, (document) => found.push(document));
    expect(found).toEqual(["A good line."]);
    expect(cleaning).toEqual({
      documents: { before: 2, after: 1 }, characters: { before: 24, after: 12 },
      rules: [
        { rule: 'no_bad_words(list: "lists/words.txt")', documents: 1, lines: 0, characters: 12, examples: [{ file: "lines.txt", line: 1, text: "A darn line." }] },
        { rule: "min_words(words: 2)", documents: 0, lines: 0, characters: 0, examples: [] },
      ],
    });
  });

  it("changes the fingerprint when a list of words changes", async () => {
    const folder = temporaryFolder({ "lines.txt": "x y\n", "lists/words.txt": "a\n" });
    const source = fileSource({ files: ["lines.txt"], clean: [rule] });
    const first = await fingerprintOf(source, { base: folder });
    expect((await readDocuments(source, { base: folder }, () => {})).fingerprint).toBe(first);
    writeFileSync(join(folder, "lists/words.txt"), "b\n");
    expect(await fingerprintOf(source, { base: folder })).not.toBe(first);
    expect(await problems(() => documents(fileSource({ files: ["lines.txt"], clean: [{ ...rule, arguments: { list: "gone.txt" } }] })))).toEqual([expect.stringMatching(/^PT7002 no file matches `gone.txt`/)]);
  });
});

it("a fingerprint read for itself is that of the documents", async () => {
  const sources: PlanSource[] = [table(), { kind: "synthetic", generator: { word: "copy", arguments: { vocab: 9, length: 2, examples: 5 } }, split: null, part: null }];
  for (const source of [...sources, { kind: "mixture", entries: [table(), fileSource({ files: ["lines.txt"] })].map((leaf, i) => ({ name: `${i}`, share: 0.5, source: leaf })) } as PlanSource]) {
    expect((await readDocuments(source, { base }, () => {})).fingerprint).toBe(await fingerprintOf(source, { base }));
  }
});
