// How each format turns files into records, by hand-made files, whatever the pieces their bytes arrive in.

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { PlanColumn } from "../../compiler/plan/schema.ts";
import { data as dataBlock } from "../../grammar/blocks/data.ts";
import { linesOf } from "../../runtime/files/lines.ts";
import { UserError } from "../../runtime/files/user-error.ts";
import { sources } from "../../runtime/sources/index.ts";
import type { SourceDefinition, SourceFile } from "../../runtime/sources/define.ts";

const encoder = new TextEncoder();
const column = (name: string | number, type = "string"): PlanColumn => ({ type, column: name, labels: null });

function fileOf(pieces: readonly (string | Uint8Array)[], name = "x"): SourceFile {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield typeof piece === "string" ? encoder.encode(piece) : piece;
  };
  return { path: name, name, bytes, lines: () => linesOf(bytes(), name), text: async function* () { for (const piece of pieces) yield piece as string; } };
}

/** Each record as `line: values`, or `line! problem`. */
async function records(source: SourceDefinition, files: readonly SourceFile[], columns: readonly PlanColumn[] = [column("text")]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const batch of source.records(files, columns)) for (const one of batch) found.push("problem" in one ? `${one.line}! ${one.problem}` : [one.line, ...columns.map(one.get)]);
  return found;
}

test("every format of the language has a source, and the other way round", () => {
  const { type } = dataBlock.fields.format;
  expect(type.type === "choice" && Object.keys(type.words).sort()).toEqual(Object.keys(sources).sort());
});

describe("text and lines", () => {
  it("text: a file is one document, an empty one none", async () => {
    expect(await records(sources.text, [fileOf(["a\r\n", "", "b\n"]), fileOf([])])).toEqual([[1, "a\r\nb\n"]]);
  });

  it("lines: one document each, both line ends, no empty ones", async () => {
    expect(await records(sources.lines, [fileOf(["one\r", "\ntwo\n\n \t\nthr", "ee"])])).toEqual([[1, "one"], [2, "two"], [5, "three"]]);
    expect(await records(sources.lines, [fileOf(["last\r\n"]), fileOf(["\ufeffmarked\n"])])).toEqual([[1, "last"], [1, "marked"]]);
  });

  it("a line that is not UTF-8 is a problem of its own", async () => {
    expect(await records(sources.lines, [fileOf(["good\n", Uint8Array.of(0x43, 0xe9, 10), "after\n"])])).toEqual([[1, "good"], expect.stringMatching(/^2! not UTF-8/), [3, "after"]]);
  });

  it("UTF-16 is named as such", async () => {
    await expect(records(sources.lines, [fileOf([Uint8Array.of(0xff, 0xfe, 0x41, 0)])])).rejects.toThrow(/PT7003/);
  });
});

describe("jsonl", () => {
  it("fields are columns; what is no object is a problem", async () => {
    const text = '{"text": "a", "label": 1}\n\n{"label": 2}\n{"text": "b"\n[1]\n"x"\n{"text": null}\n';
    expect(await records(sources.jsonl, [fileOf([text])], [column("text"), column("label")])).toEqual([
      [1, "a", 1], [3, undefined, 2], expect.stringMatching(/^4! no JSON/), "5! no JSON object", "6! no JSON object", [7, null, undefined],
    ]);
  });

  it("has no column that objects inherit", async () => {
    expect(await records(sources.jsonl, [fileOf(["{}\n"])], [column("constructor")])).toEqual([[1, undefined]]);
  });
});

describe("json", () => {
  it("an array of objects, however its text is cut; what is no object is a problem", async () => {
    const pieces = ['[{"text": "a", "in', 'ner": {"label": 1}},\n {"text": null}, [1], "x"]\n'];
    expect(await records(sources.json, [fileOf(pieces), fileOf(["[]"])], [column("text"), column("inner.label")])).toEqual([[1, "a", 1], [2, null, undefined], "3! no JSON object", "4! no JSON object"]);
  });

  it("refuses what is no array", async () => {
    await expect(records(sources.json, [fileOf(['{"text": "a"}'])])).rejects.toThrow(/PT7004.*no array/);
    await expect(records(sources.json, [fileOf(['{"text": "a"}\n{"text": "b"}'])])).rejects.toThrow(/PT7004.*no JSON/);
  });
});

describe("csv", () => {
  const two = [column("b"), column("a")];

  it("quotes, commas and line ends within them, both line ends", async () => {
    const text = 'a,b\r\n1,"x, ""y"""\r\n\r\n"2\n3",z\n4,\n';
    expect(await records(sources.csv, [fileOf([text])], two)).toEqual([[2, 'x, "y"', "1"], [4, "z", "2\n3"], [6, "", "4"]]);
  });

  it("rows that are none", async () => {
    const text = 'a,b\n1\n1,2,3\n"x"y,2\nx"y",2\n1,2\n"open,\n5,6\n';
    expect(await records(sources.csv, [fileOf([text])], two)).toEqual([
      "2! 1 column, not 2", "3! 3 columns, not 2", "4! characters between a closing quote and the next comma", "5! a quote inside a field that does not begin with one", [6, "2", "1"], "7! a quote that is never closed",
    ]);
  });

  it("columns by number in a file without header", async () => {
    expect(await records(sources.csv, [fileOf(["1,2\n3,4\n"])], [column(2)])).toEqual([[1, "2"], [2, "4"]]);
  });

  it("a column that is not there, with the nearest", async () => {
    await expect(records(sources.csv, [fileOf(["Text,label\n"])], [column("text")])).rejects.toThrow(/PT7051.*`x` has no column `text`/);
    await expect(records(sources.csv, [fileOf(["1,2\n"])], [column(3)])).rejects.toThrow(/no column number 3: it has 2/);
  });

  it("writes and reads any table", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "é", " ") });
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (rows) => {
      const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join("\n");
      expect((await records(sources.csv, [fileOf([text])], [column(1), column(2)])).map((row) => (row as unknown[]).slice(1))).toEqual(rows);
    }));
  });
});

test("tsv: quotes mean nothing", async () => {
  expect(await records(sources.tsv, [fileOf(['a\tb\n"x\t1\r\n\ty"\n\nz\n'])], [column("a"), column("b")])).toEqual([[2, '"x', "1"], [3, "", 'y"'], "5! 1 column, not 2"]);
});

describe("idx", () => {
  const images = (count: number) => Uint8Array.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 1, 0, 0, 0, 2, ...Array.from({ length: 2 * count }, (_, i) => i)]);
  const labels = (...values: number[]) => Uint8Array.from([0, 0, 8, 1, 0, 0, 0, values.length, ...values]);
  const both = [column("image", "image"), column("label", "class")];

  it("pairs images with labels", async () => {
    const image = (...data: number[]) => ({ height: 1, width: 2, channels: 1, data: Uint8Array.from(data) });
    expect(await records(sources.idx, [fileOf([images(2)]), fileOf([labels(7, 5)])], both)).toEqual([[1, image(0, 1), 7], [2, image(2, 3), 5]]);
  });

  it("refuses files that are cut, too long, of another number, or no IDX", async () => {
    const problem = async (...files: Uint8Array[]): Promise<string> => records(sources.idx, files.map((bytes) => fileOf([bytes])), both).then(() => "", (error: UserError) => error.message);
    expect(await problem(images(2).slice(0, -1), labels(1, 2))).toMatch(/PT7004.*ends too early/);
    expect(await problem(images(1), labels(1, 2))).toMatch(/2 labels for the 1 images/);
    expect(await problem(images(1))).toMatch(/1 files of images and 0 of labels/);
    expect(await problem(encoder.encode("hello, world"))).toMatch(/no IDX file/);
    expect(await problem(Uint8Array.from([...images(1), 9]), labels(1))).toMatch(/goes on after its last value/);
  });
});

test("the same records however the bytes are cut", async () => {
  const piece = fc.constantFrom("a", "bc,d", "\n", "\r\n", '"', "\t", " ", "é", '{"text":"x"}');
  await fc.assert(fc.asyncProperty(fc.array(piece), fc.array(fc.nat(40), { maxLength: 5 }), async (parts, cuts) => {
    const bytes = encoder.encode(parts.join(""));
    const at = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
    const pieces = [0, ...at].map((from, i) => bytes.subarray(from, [...at, bytes.length][i]));
    for (const word of ["lines", "jsonl", "csv", "tsv"] as const) {
      const columns = word === "csv" || word === "tsv" ? [column(1)] : [column("text")];
      expect(await records(sources[word], [fileOf(pieces)], columns)).toEqual(await records(sources[word], [fileOf([bytes])], columns));
    }
  }));
});
