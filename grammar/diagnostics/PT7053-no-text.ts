// PT7053: a table without the one text that pretraining reads.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

const beside = { "data.txt": "Ishmael,Call me Ishmael.,1\nAhab,Some years ago.,2\n" };

export const noText = defineDiagnostic<{ columns: readonly string[] }>({
  code: "PT7053",
  slug: "no-text",
  severity: "error",
  title: "a table without the one text to read",
  message: ({ columns }) => `there is no telling which column is the text: the source has \`${columns.join("`, `")}\``,
  hint: () => "call one of them `text`, or make a source with one column",
  page: "Pretraining and the training of tokenizers read one text of each row: the only column of type `string`, `words` or `tokens`, or the one that is called `text`.",
  failing: dataExample({ format: "csv  columns { name: string(column: 1)  line: string(column: 2) }", beside }),
  fixed: dataExample({ format: "csv  columns { name: string(column: 1)  text: string(column: 2) }", beside }),
});
