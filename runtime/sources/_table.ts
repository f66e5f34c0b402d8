// Tables with or without a header, whatever separates their fields.

import type { PlanColumn } from "../../compiler/plan/schema.ts";
import { missingColumn } from "../../grammar/diagnostics/PT7051-missing-column.ts";
import { unreadableHeader } from "../../grammar/diagnostics/PT7091-unreadable-header.ts";
import { nearest } from "../../grammar/nearest.ts";
import { fileError } from "../files/user-error.ts";
import type { SourceRecord } from "./define.ts";

/** A row cut into its fields, or why it cannot be. */
export type Fields = { readonly line: number; readonly fields: readonly string[] } | { readonly line: number; readonly problem: string };

/** Rows as records. With columns by name the first row is the header; with columns by number every row is data. Throws UserError (PT7051, PT7091). */
export async function* tableRecords(file: string, columns: readonly PlanColumn[], rows: AsyncIterable<readonly Fields[]>): AsyncGenerator<readonly SourceRecord[]> {
  const numbered = typeof columns[0]?.column === "number";
  let width: number | null = null;
  let places: ReadonlyMap<string | number, number> = new Map();
  for await (const batch of rows) {
    const records: SourceRecord[] = [];
    for (const row of batch) {
      if ("problem" in row) {
        // The next row is no header in its place.
        if (width === null && !numbered) throw fileError(unreadableHeader, file, { file, line: row.line, problem: row.problem });
        records.push({ file, ...row });
        continue;
      }
      const { line, fields } = row;
      if (width === null) {
        width = fields.length;
        places = placesOf(file, columns, fields, numbered);
        if (!numbered) continue;
      }
      if (fields.length !== width) records.push({ file, line, problem: `${fields.length} ${fields.length === 1 ? "column" : "columns"}, not ${width}` });
      else records.push({ file, line, get: ({ column }) => fields[places.get(column)!] });
    }
    yield records;
  }
}

function placesOf(file: string, columns: readonly PlanColumn[], first: readonly string[], numbered: boolean): Map<string | number, number> {
  const names = first.map((name) => name.trim());
  return new Map(columns.map(({ column }) => {
    const at = numbered ? (column as number) - 1 : names.indexOf(column as string);
    if (at >= 0 && at < names.length) return [column, at];
    const [near] = numbered ? [] : nearest(column as string, names);
    throw fileError(missingColumn, file, { file, column, columns: names, ...(near === undefined ? {} : { nearest: near }) });
  }));
}
