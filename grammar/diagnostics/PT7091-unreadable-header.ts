// The line that names the columns of a table is no text.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

const table = { files: "data.csv", format: "csv\n  columns { text: string }" };

export const unreadableHeader = defineDiagnostic<{ readonly file: string; readonly line: number; readonly problem: string }>({
  code: "PT7091",
  slug: "unreadable-header",
  severity: "error",
  title: "The header of a table cannot be read.",
  message: ({ file, line, problem }) => `line ${line} of \`${file}\` should name its columns, and has ${problem}`,
  hint: () => "convert the file to UTF-8, or mend its first line; in files without a header columns are given by number: `string(column: 1)`",
  page: "Other rows that cannot be read are malformed rows, which a source may allow (`malformed: 1%`). Without its header nothing of a table can be read.",
  failing: dataExample({ ...table, beside: { "data.csv": '"text,label\nCall me Ishmael.,a\n' } }),
  fixed: dataExample({ ...table, beside: { "data.csv": "text,label\nCall me Ishmael.,a\n" } }),
});
