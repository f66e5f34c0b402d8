// PT7052: columns that the format cannot have.

import { defineDiagnostic } from "./define.ts";

export const wrongColumns = defineDiagnostic<{ format: string; problem: string; instead: string }>({
  code: "PT7052",
  slug: "wrong-columns",
  severity: "error",
  title: "columns that the format cannot have",
  message: ({ format, problem }) => `\`format: ${format}\` ${problem}`,
  hint: ({ instead }) => instead,
  page: "`text` and `lines` are documents: each has a `text` and the `path` of its file, of which columns can take a part by a `pattern`. `jsonl` and `parquet` name their columns. `csv` and `tsv` have a header, unless all columns are given by number. `idx` holds images and labels.",
  failing: 'data messages { files: "messages.jsonl"  format: jsonl  columns { text: string(column: 2) } }\n',
  fixed: 'data messages { files: "messages.csv"  format: csv  columns { text: string(column: 2) } }\n',
});
