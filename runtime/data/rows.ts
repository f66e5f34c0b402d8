// Rows of a table with the types of their columns: what is malformed is counted and shown, and stops the reading where there is too much.

import { createHash, type Hash } from "node:crypto";
import { dirname } from "node:path";
import { malformedRows } from "../../grammar/diagnostics/PT7050-malformed-rows.ts";
import type { PlanColumn, PlanFiles } from "../../compiler/plan/schema.ts";
import { plainText } from "../../compiler/plan/source.ts";
import { columns as knownColumns } from "../columns/index.ts";
import { matched, shown, type ColumnDefinition, type ColumnValue, type Image, type Picture } from "../columns/define.ts";
import { linesOf } from "../files/lines.ts";
import type { DataFile } from "../files/resolve.ts";
import { readBytes, readText } from "../files/text.ts";
import { UserError, fileDiagnostic } from "../files/user-error.ts";
import type { SourceDefinition, SourceFile, SourceRecord } from "../sources/define.ts";
import type { DocumentOptions } from "./documents.ts";
import { asTheyAre, opened } from "./pictures.ts";

/** One row: where it stands (`line` from 1), and its values by our names of the columns. */
export interface Row {
  readonly file: string;
  readonly line: number;
  readonly values: { readonly [column: string]: ColumnValue };
  /** sha256 of its images as they were read, whatever became of them. */
  readonly pictures?: readonly string[];
}

export interface RowTotals {
  /** Whole ones. */
  readonly rows: number;
  readonly fingerprint: string;
  /** `rows`: whole and malformed ones. */
  readonly malformed: { readonly count: number; readonly rows: number; /** `file:line: what is wrong`. */ readonly first: readonly string[] };
}

/** Malformed rows that are shown. */
const mostShown = 5;

/** All rows in batches, and in the end how many. Throws UserError (PT7050) where more are malformed than the source allows. */
export async function* readTable(source: PlanFiles, format: SourceDefinition, files: readonly DataFile[], { signal, progress, what = "reading", pictures }: DocumentOptions): AsyncGenerator<readonly Row[], RowTotals> {
  const hashes = files.map(() => createHash("sha256"));
  const pictured = createHash("sha256");
  const folders = new Map(files.map(({ name, path }) => [name, dirname(path)]));
  const columns = Object.entries(Object.keys(source.columns).length > 0 ? source.columns : { text: plainText })
    .map(([name, column]): TypedColumn => ({ name, column, definition: (knownColumns as Readonly<Record<string, ColumnDefinition>>)[column.type], pattern: column.pattern === undefined ? null : new RegExp(column.pattern, "gu") }));
  const first: { readonly file: string; readonly line: number; readonly problem: string }[] = [];
  let [rows, malformed, done] = [0, 0, 0];
  let file = files[0]?.name;
  const judge = (): void => {
    // A pass over files that decodes nothing knows only some of what is wrong; the one that does comes after it.
    if (pictures === asTheyAre || malformed === 0 || malformed <= source.malformed * (rows + malformed)) return;
    const [{ file: where, line }] = first;
    const at = { line, column: 1, offset: 0 };
    const diagnostic = fileDiagnostic(malformedRows, where, { malformed, rows: rows + malformed, allowed: source.malformed, first: first.map(show) });
    throw new UserError([{ ...diagnostic, start: at, end: at }]);
  };
  const images = columns.filter(({ column }) => column.image);
  const view: View = ({ values, ...where }) => {
    const seen: Record<string, ColumnValue> = { ...values };
    const hashes: string[] = [];
    for (const { name, column } of images) {
      const value = values[name] as Picture | Image;
      const picture = "height" in value ? value : opened(value, folders.get(where.file)!, pictured);
      if (!("problem" in picture)) hashes.push(createHash("sha256").update("height" in picture ? picture.data : picture.bytes!).digest("hex"));
      const result = "problem" in picture ? picture : pictures!(picture, column);
      if ("problem" in result) return { ...where, problem: `\`${column.column}\`: ${result.problem}` };
      seen[name] = result.value;
    }
    return { ...where, values: seen, pictures: hashes };
  };
  for await (const batch of inPieces(format.records(files.map((one, i) => open(one, hashes[i])), columns.map(({ column }) => column)), images.length && pictures ? picturesTogether : Infinity)) {
    signal?.throwIfAborted();
    const whole: Row[] = [];
    for (const record of batch) {
      const plain = "problem" in record ? record : rowOf(record, columns);
      const row = "problem" in plain || !pictures ? plain : view(plain);
      if ("problem" in row) {
        malformed++;
        if (first.length < mostShown) first.push(row);
      } else whole.push(row);
    }
    rows += whole.length;
    const last = batch.at(-1)?.file;
    if (last !== undefined && last !== file) {
      file = last;
      progress?.({ what, files: ++done, of: files.length });
      // Where none is allowed there is no need to read on.
      if (source.malformed === 0) judge();
    }
    yield whole;
  }
  judge();
  progress?.({ what, files: files.length, of: files.length });
  const total = createHash("sha256");
  files.forEach((one, i) => total.update(`${one.name}\0${hashes[i].digest("hex")}\n`));
  if (images.length && pictures) total.update(`pictures\0${pictured.digest("hex")}\n`);
  return { rows, fingerprint: total.digest("hex"), malformed: { count: malformed, rows: rows + malformed, first: first.map(show) } };
}

type View = (row: Row) => Row | Extract<SourceRecord, { problem: string }>;

/** Rows whose pictures are in memory at a time. */
const picturesTogether = 16;

async function* inPieces(batches: AsyncIterable<readonly SourceRecord[]>, most: number): AsyncGenerator<readonly SourceRecord[]> {
  for await (const batch of batches) {
    if (batch.length <= most) yield batch;
    else for (let from = 0; from < batch.length; from += most) yield batch.slice(from, from + most);
  }
}

function show({ file, line, problem }: { readonly file: string; readonly line: number; readonly problem: string }): string {
  return `${file}:${line}: ${problem}`;
}

interface TypedColumn { readonly name: string; readonly column: PlanColumn; readonly definition: ColumnDefinition; readonly pattern: RegExp | null }

function rowOf({ file, line, get }: Extract<SourceRecord, { get: unknown }>, columns: readonly TypedColumn[]): Row | { file: string; line: number; problem: string } {
  const values: Record<string, ColumnValue> = {};
  for (const { name, column, definition, pattern } of columns) {
    const given = get(column);
    if (given === undefined || given === null) return { file, line, problem: `no value of \`${column.column}\`` };
    const raw = pattern === null ? given : typeof given === "string" ? matched(given, pattern, definition.list ?? false) : null;
    if (raw === null) return { file, line, problem: `\`${column.column}\`: ${shown(given)} does not match \`${column.pattern}\`` };
    const read = definition.read(raw, column);
    if ("problem" in read) return { file, line, problem: columns.length > 1 || column !== plainText ? `\`${column.column}\`: ${read.problem}` : read.problem };
    values[name] = read.value;
  }
  return { file, line, values };
}

/** How the value of a column is a document's text. */
export function columnsByType(source: PlanFiles): { readonly [name: string]: (value: ColumnValue) => string } {
  if (Object.keys(source.columns).length === 0) return { text: (value) => value as string };
  return Object.fromEntries(Object.entries(source.columns).map(([name, { type }]) => [name, (knownColumns as Readonly<Record<string, ColumnDefinition>>)[type].asText ?? String]));
}

function open(file: DataFile, hash: Hash): SourceFile {
  const bytes = (): AsyncIterable<Uint8Array> => readBytes(file, hash);
  return { ...file, bytes, text: () => readText(file, hash), lines: () => linesOf(bytes(), file.name) };
}
