// `format: csv`: comma-separated values as RFC 4180 has them: fields in double quotes may hold commas, line ends and doubled quotes.

import { defineSource, type SourceFile } from "./define.ts";
import { withoutReturn } from "./_lines.ts";
import { tableRecords, type Fields } from "./_table.ts";

export const csv = defineSource({
  word: "csv",
  doc: "Comma-separated values (RFC 4180); empty lines are skipped. The first line names the columns unless they are given by number.",
  table: "header",
  async *records(files, columns) {
    for (const file of files) yield* tableRecords(file.name, columns, rows(file));
  },
});

/** A row that goes on for more characters than this has lost a closing quote. */
const longestRow = 1 << 24;

async function* rows(file: SourceFile): AsyncGenerator<readonly Fields[]> {
  // A row whose quotes are still open: its text so far, and the line it began on.
  let open: { text: string; readonly line: number } | null = null;
  for await (const { first, lines, broken } of file.lines()) {
    const found: Fields[] = [];
    for (let i = 0; i < lines.length; i++) {
      const line = first + i;
      const problem = broken?.get(i);
      if (problem !== undefined) {
        found.push({ line, problem });
        open = null;
        continue;
      }
      if (open === null && !lines[i].includes('"')) {
        const text = withoutReturn(lines[i]);
        if (text !== "") found.push({ line, fields: text.split(",") });
        continue;
      }
      const text: string = open === null ? lines[i] : `${open.text}\n${lines[i]}`;
      const begun: number = open?.line ?? line;
      open = null;
      // Quotes come in pairs, doubled ones too: an odd number means that the field goes on in the next line.
      if (quotes(text) % 2 === 0) found.push(splitRow(withoutReturn(text), begun));
      else if (text.length > longestRow) found.push({ line: begun, problem: "a quote that is never closed" });
      else open = { text, line: begun };
    }
    yield found;
  }
  if (open !== null) yield [{ line: open.line, problem: "a quote that is never closed" }];
}

function quotes(text: string): number {
  let count = 0;
  for (let i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i + 1)) count++;
  return count;
}

/** The fields of a row, which may hold line ends; its quotes come in pairs. */
export function splitRow(text: string, line: number): Fields {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (text[at] !== '"') {
      const comma = text.indexOf(",", at);
      const field = text.slice(at, comma < 0 ? undefined : comma);
      if (field.includes('"')) return { line, problem: "a quote inside a field that does not begin with one" };
      fields.push(field);
      if (comma < 0) return { line, fields };
      at = comma + 1;
      continue;
    }
    let end = at + 1;
    for (;;) {
      end = text.indexOf('"', end);
      if (text[end + 1] !== '"') break;
      end += 2;
    }
    fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 === text.length) return { line, fields };
    if (text[end + 1] !== ",") return { line, problem: "characters between a closing quote and the next comma" };
    at = end + 2;
  }
}
