// A file does not have a column that the spec reads.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const missingColumn = defineDiagnostic<{ readonly file: string; readonly column: string | number; readonly columns: readonly string[]; readonly nearest?: string }>({
  code: "PT7051",
  slug: "missing-column",
  severity: "error",
  title: "A file does not have a column that the spec reads.",
  message: ({ file, column, columns }) => `\`${file}\` has no column ${typeof column === "number" ? `number ${column}: it has ${columns.length}` : `\`${column}\``}`,
  hint: ({ column, columns, nearest }) => (typeof column === "number" ? "columns are numbered from 1" : `${nearest === undefined ? "" : `did you mean \`${nearest}\`? `}its columns are ${columns.map((name) => `\`${name}\``).join(", ")}`),
  page: "Columns are looked up by the names of the file's header (or schema), or by number from 1 in a file without header: `text: string(column: \"Review Text\")`, `text: string(column: 2)`. Without `column`, a column has our name for it.",
  failing: dataExample({ format: 'csv  columns { text: string(column: "Text") }', beside: { "data.txt": "text,label\nCall me Ishmael.,1\nSome years ago.,2\nNever mind how long.,1\n" } }),
  fixed: dataExample({ format: 'csv  columns { text: string(column: "text") }', beside: { "data.txt": "text,label\nCall me Ishmael.,1\nSome years ago.,2\nNever mind how long.,1\n" } }),
});
