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
  // A row whose quotes are still open: its lines so far, and the line it began on.
  let open: { readonly parts: string[]; length: number; readonly line: number } | null = null;
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
      const odd = quotes(lines[i]) % 2 === 1;
      if (open === null && !lines[i].includes('"')) {
        const text = withoutReturn(lines[i]);
        if (text !== "") found.push({ line, fields: text.split(",") });
      } else if (open === null && !odd) found.push(splitRow(withoutReturn(lines[i]), line));
      else if (open === null) open = { parts: [lines[i]], length: lines[i].length, line };
      else {
        // Quotes come in pairs, doubled ones too: an odd number means that the field goes on in the next line.
        open.parts.push(lines[i]);
        open.length += lines[i].length + 1;
        if (odd) found.push(splitRow(withoutReturn(open.parts.join("\n")), open.line));
        else if (open.length > longestRow) found.push({ line: open.line, problem: "a quote that is never closed" });
        if (odd || open.length > longestRow) open = null;
      }
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
