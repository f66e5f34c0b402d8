// What users' files can be, for `finetune` and `evaluate`: each fault is one diagnostic at its place, and what was saved stays.

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { newFolder, pt } from "../harness/cli.ts";
import { endOf } from "../training/folders.ts";
import { parquetFile } from "../sources/parquet-file.ts";

/** Bytes that may still be written to files with this in their path. */
const disk = vi.hoisted(() => ({ room: Infinity, of: "" }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const paths = new Map<number, string>();
  return {
    ...fs,
    openSync(path: string, ...rest: [never]) {
      const file = fs.openSync(path, ...rest);
      paths.set(file, String(path));
      return file;
    },
    writeSync(file: number, content: Uint8Array | string, ...rest: [never]) {
      if (disk.room !== Infinity && paths.get(file)?.includes(disk.of)) {
        disk.room -= content.length;
        if (disk.room < 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      }
      return fs.writeSync(file, content as Uint8Array, ...rest);
    },
  };
});

const model = `model gpt(vocab, width = 16) { decoder { embed: tokens(vocab, width) + learned_positions(64) residual { layernorm attention(2, mask: causal) } layernorm } head lm { tied } }
data texts { files: "texts.txt" }
tokenizer t { kind: bytes  special: [<pad>, <eos>, <cls>, <sep>] }
pretrain base { model: gpt()  tokenizer: t  data: texts  objective: causal_lm  length: 32  batch: 4 examples  train: 1 steps  optimizer: sgd(lr: 0.1) }
`;
const spec = (file: string, format: string, label: string): string => `${model}
data rows { files: "${file}"  ${format && `format: ${format}`}  columns { text: string  label: ${label} } }
data held { files: "held.csv"  format: csv  columns { text: string  label: class } }
finetune tuned from base { data: rows  task: ${label === "number" ? "regress" : "classify"}(text, label)  batch: 4 examples  train: 6 steps  optimizer: adam(lr: 0.01)  checkpoint { every: 2 steps }  ${label === "class" ? "evaluate { data: held }" : ""} }
evaluate asked of base { data: rows  prompt: "{text}:" -> "{label}"  shots: [0, 1]  shots_from: rows  choices: ["yes", "no"]  metrics: [accuracy] }
`;
const good = `text,label\n${Array.from({ length: 20 }, (_, i) => `row ${i},${i % 2 ? "yes" : "no"}`).join("\n")}\n`;
const objects = Array.from({ length: 20 }, (_, i) => ({ text: `row ${i}`, label: i % 2 ? "yes" : "no" }));
const lines = (rows: readonly object[]): string => `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
const table = Buffer.from(parquetFile([[{ name: "text", values: objects.map(({ text }) => text) }, { name: "label", values: objects.map(({ label }) => label) }]]));

let folder: string;
beforeAll(async () => {
  folder = newFolder({ "base.pt": model, "texts.txt": "call me ishmael\n".repeat(30), "held.csv": good });
  expect((await pt(["train", "base.pt", "--backend", "wasm"], folder)).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(command: "train" | "evaluate", file: string, content: string | Uint8Array | null, { format = "csv", label = "class" } = {}) {
  if (content === null) rmSync(join(folder, file), { force: true });
  else writeFileSync(join(folder, file), content);
  writeFileSync(join(folder, "main.pt"), spec(file, format, label));
  const { code, codes, stdout, stderr } = await pt([command, "main.pt", command === "train" ? "tuned" : "asked", "--backend", "wasm"], folder);
  const text = stdout + stderr;
  expect(text).not.toMatch(/bug in Ptarmigan|^ {4}at /m);
  expect(Math.max(...text.split("\n").map((line) => line.length)), "no message prints a file").toBeLessThan(700);
  return { code, codes, text };
}

interface Fault { readonly name: string; readonly file?: string; readonly content: string | Uint8Array | null; readonly format?: string; readonly label?: string; /** Code and part of the message of `train`, then of `evaluate` where it is another. */ readonly says: readonly [string, string]; readonly asked?: readonly [string, string] | null }

const faults: readonly Fault[] = [
  { name: "latin-1", content: Buffer.from(good.replace("row 3", "r\xe9w 3"), "latin1"), says: ["PT7050", "rows.csv:5: not UTF-8"] },
  { name: "UTF-16 with its mark", content: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, "utf16le")]), says: ["PT7003", "`rows.csv` is not UTF-8"] },
  { name: "UTF-16 without a mark", content: Buffer.from(good, "utf16le"), says: ["PT7091", "line 1 of `rows.csv` should name its columns, and has a NUL character"] },
  { name: "UTF-16 as one text", format: "text", content: Buffer.from(good, "utf16le"), says: ["PT7092", "`rows.csv` has a NUL character at offset 1, line 1"] },
  { name: "a NUL", content: good.replace("row 3", "r\0w 3"), says: ["PT7050", "rows.csv:5: a NUL character"] },
  { name: "a missing column", content: good.replace("label", "lable"), says: ["PT7051", "`rows.csv` has no column `label`"] },
  { name: "a missing field", file: "rows.jsonl", format: "jsonl", content: lines(objects.map(({ text }) => ({ text }))), says: ["PT7050", "rows.jsonl:1: no value of `label`"] },
  { name: "a label that training lacks", content: good.replaceAll("yes", "so"), says: ["PT7060", "`yes` of the column `label` is no class of the run"], asked: ["PT8043", "its answer `so` is not among its 2 choices"] },
  { name: "an empty file", content: "", says: ["PT5062", "`label` has none"], asked: ["PT8044", "`rows.csv` has no row"] },
  { name: "an empty file of numbers", content: "", label: "number", says: ["PT7006", "the data gives no example"], asked: ["PT8044", "`rows.csv` has no row"] },
  { name: "a header alone", content: "text,label\n", says: ["PT5062", "`label` has none"], asked: ["PT8044", "`rows.csv` has no row"] },
  { name: "one class", content: good.replaceAll("yes", "no"), says: ["PT5062", "`label` has `no` alone"], asked: null },
  { name: "no file", content: null, says: ["PT7002", "no file matches `rows.csv`"] },
  { name: "gz that is cut", file: "rows.csv.gz", content: gzipSync(good).subarray(0, 40), says: ["PT7004", "the gzip data ends too early"] },
  { name: "gz that is none", file: "rows.csv.gz", content: good, says: ["PT7004", "it is not gzip, or damaged"] },
  { name: "parquet that is cut", file: "rows.parquet", format: "parquet", content: table.subarray(0, table.length - 20), says: ["PT7004", "cannot read `rows.parquet`"] },
  { name: "parquet that is empty", file: "rows.parquet", format: "parquet", content: "", says: ["PT7004", "cannot read `rows.parquet`"] },
  { name: "values of other types", file: "rows.jsonl", format: "jsonl", content: lines(objects.map((row, i) => (i === 3 ? { ...row, text: 17 } : row))), says: ["PT7050", "rows.jsonl:4: `text`: `17` is no text"] },
  { name: "words where numbers are wanted", content: good, label: "number", says: ["PT7050", "rows.csv:2: `label`: `no` is no number"] },
  { name: "a list of objects", file: "rows.jsonl", format: "jsonl", content: JSON.stringify(objects), says: ["PT7050", "rows.jsonl:1: no JSON object"] },
  { name: "a table without its format", format: "", content: good, says: ["PT5062", "has `text,label\\nrow 0,no"], asked: ["PT8043", "its answer `text,label\\nrow 0,no"] },
  { name: "a quote that is never closed", content: `${good}"${"x\n".repeat(300_000)},yes\n`, says: ["PT7050", "rows.csv:22: a quote that is never closed"] },
];

describe.each(faults)("$name", ({ file = "rows.csv", content, format = "csv", label, says, asked = says }) => {
  test("finetune", async () => {
    const { code, codes, text } = await run("train", file, content, { format, label });
    expect(codes, text).toEqual([says[0]]);
    expect(text).toContain(says[1]);
    expect(code).toBe(1);
  });
  test("evaluate", async () => {
    const { code, codes, text } = await run("evaluate", file, content, { format, label });
    expect(codes, text).toEqual(asked ? [asked[0]] : []);
    if (asked) expect(text).toContain(asked[1]);
    expect(code).toBe(asked ? 1 : 0);
  });
});

test("a very long line is read, and what is cut of it is said", async () => {
  const { code, codes, text } = await run("train", "rows.csv", `${good}${"x".repeat(300_000)},yes\n`);
  expect([code, codes], text).toEqual([0, ["PT7061"]]);
});

test("files that change after the plan was made: their new labels are no classes", async () => {
  await run("evaluate", "rows.csv", good);
  const { code } = await pt(["compile", "main.pt", "tuned", "--out", "tuned.json"], folder);
  expect(code).toBe(0);
  writeFileSync(join(folder, "rows.csv"), good.replaceAll("yes", "so"));
  const ran = await pt(["train", "tuned.json", "--backend", "wasm"], folder);
  expect(ran.codes, ran.stderr).toEqual(["PT7050"]);
  expect(ran.stderr).toContain("rows.csv:3: `label`: `so`");
});

test("an interrupted fine-tuning: files that change are refused, a full disk loses nothing, and it ends as if nothing had been", async () => {
  writeFileSync(join(folder, "rows.csv"), good);
  writeFileSync(join(folder, "main.pt"), spec("rows.csv", "csv", "class").replace("train: 6 steps", "train: 20 steps"));
  const tuned = async (out: string, until?: number) => {
    let written = "";
    const controller = new AbortController();
    const write = (line: string): void => {
      written += line;
      if (line.startsWith(`{"event":"step","step":${until},`)) controller.abort();
    };
    const { code } = await pt(["train", "main.pt", "tuned", "--backend", "wasm", "--out", out, "--json"], folder, { signal: controller.signal, stdout: { write } });
    const name = readdirSync(join(folder, out)).find((one) => one.startsWith("tuned-"))!;
    return { code, written, end: endOf(join(folder, out, name)) };
  };
  const whole = await tuned("whole");
  const before = await tuned("halves", 5);
  expect([whole.code, before.code, before.end.step]).toEqual([0, 3, 5]);
  // Of the same classes, so that the plan is the same.
  writeFileSync(join(folder, "rows.csv"), good.replace("row 3", "row three"));
  const changed = await tuned("halves");
  expect(changed.written).toContain('"code":"PT8005"');
  expect(changed.end).toEqual(before.end);
  writeFileSync(join(folder, "rows.csv"), good);
  [disk.room, disk.of] = [100, "checkpoints"];
  const full = await tuned("halves");
  disk.room = Infinity;
  expect(full.written).toContain('"code":"PT8101"');
  // Metrics of steps that were not saved are cut off when the run goes on.
  expect({ ...full.end, metrics: "" }).toEqual({ ...before.end, metrics: "" });
  expect((await tuned("halves")).end).toEqual(whole.end);
});

test("a full disk while answers are written: said, and the evaluation goes on from what it has", async () => {
  await run("evaluate", "rows.csv", good.replaceAll("row", "line"));
  rmSync(join(folder, "runs"), { recursive: true });
  expect((await pt(["train", "base.pt", "--backend", "wasm"], folder)).code).toBe(0);
  [disk.room, disk.of] = [200, "asked-"];
  const full = await pt(["evaluate", "main.pt", "asked", "--backend", "wasm"], folder);
  disk.room = Infinity;
  expect(full.codes, full.stderr).toEqual(["PT8101"]);
  const ran = await pt(["evaluate", "main.pt", "asked", "--backend", "wasm"], folder);
  expect([ran.code, ran.codes], ran.stderr).toEqual([0, []]);
  expect(readFileSync(join(folder, "held.csv"), "utf8")).toBe(good);
});
