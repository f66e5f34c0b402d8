// `format: tsv`: fields between tabs. A quote is a character like any other, as in the files of GLUE.

import { defineSource, type SourceFile } from "./define.ts";
import { isBlank, withoutReturn } from "./_lines.ts";
import { tableRecords, type Fields } from "./_table.ts";

export const tsv = defineSource({
  word: "tsv",
  doc: "Fields between tabs, a row a line; quotes mean nothing, empty lines are skipped. The first line names the columns unless they are given by number.",
  table: "header",
  async *records(files, columns) {
    for (const file of files) yield* tableRecords(file.name, columns, rows(file));
  },
});

async function* rows(file: SourceFile): AsyncGenerator<readonly Fields[]> {
  for await (const { first, lines, broken } of file.lines()) {
    const found: Fields[] = [];
    for (let i = 0; i < lines.length; i++) {
      const problem = broken?.get(i);
      const text = withoutReturn(lines[i]);
      if (problem !== undefined) found.push({ line: first + i, problem });
      else if (!isBlank(text) || text.includes("\t")) found.push({ line: first + i, fields: text.split("\t") });
    }
    yield found;
  }
}
