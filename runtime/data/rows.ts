// Rows of a table with the types of their columns: what is malformed is counted and shown, and stops the reading where there is too much.

import { createHash, type Hash } from "node:crypto";
import { malformedRows } from "../../grammar/diagnostics/PT7050-malformed-rows.ts";
import type { PlanColumn, PlanFiles } from "../../compiler/plan/schema.ts";
import { plainText } from "../../compiler/plan/source.ts";
import { columns as knownColumns } from "../columns/index.ts";
import { matched, shown, type ColumnDefinition, type ColumnValue } from "../columns/define.ts";
import { linesOf } from "../files/lines.ts";
import type { DataFile } from "../files/resolve.ts";
import { readBytes, readText } from "../files/text.ts";
import { UserError, fileDiagnostic } from "../files/user-error.ts";
import type { SourceDefinition, SourceFile, SourceRecord } from "../sources/define.ts";
import type { DocumentOptions } from "./documents.ts";

/** One row: where it stands (`line` from 1), and its values by our names of the columns. */
export interface Row { readonly file: string; readonly line: number; readonly values: { readonly [column: string]: ColumnValue } }

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
export async function* readTable(source: PlanFiles, format: SourceDefinition, files: readonly DataFile[], { signal, progress, what = "reading" }: DocumentOptions): AsyncGenerator<readonly Row[], RowTotals> {
  const hashes = files.map(() => createHash("sha256"));
  const columns = Object.entries(Object.keys(source.columns).length > 0 ? source.columns : { text: plainText })
    .map(([name, column]): TypedColumn => ({ name, column, definition: (knownColumns as Readonly<Record<string, ColumnDefinition>>)[column.type], pattern: column.pattern === undefined ? null : new RegExp(column.pattern, "gu") }));
  const first: { readonly file: string; readonly line: number; readonly problem: string }[] = [];
  let [rows, malformed, done] = [0, 0, 0];
  let file = files[0]?.name;
  const judge = (): void => {
    if (malformed === 0 || malformed <= source.malformed * (rows + malformed)) return;
    const [{ file: where, line }] = first;
    const at = { line, column: 1, offset: 0 };
    const diagnostic = fileDiagnostic(malformedRows, where, { malformed, rows: rows + malformed, allowed: source.malformed, first: first.map(show) });
    throw new UserError([{ ...diagnostic, start: at, end: at }]);
  };
  for await (const batch of format.records(files.map((one, i) => open(one, hashes[i])), columns.map(({ column }) => column))) {
    signal?.throwIfAborted();
    const whole: Row[] = [];
    for (const record of batch) {
      const row = "problem" in record ? record : rowOf(record, columns);
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
  return { rows, fingerprint: total.digest("hex"), malformed: { count: malformed, rows: rows + malformed, first: first.map(show) } };
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
