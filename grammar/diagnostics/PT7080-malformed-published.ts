// PT7080: a table of published results that cannot be read as one.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

const spec = ablationExample({ more: 'published: "table.csv"' });

export const malformedPublished = defineDiagnostic<{ file: string; problem: string }>({
  code: "PT7080",
  slug: "malformed-published",
  severity: "error",
  title: "a published table that cannot be read",
  message: ({ file, problem }) => `\`${file}\`: ${problem}`,
  hint: () => "a header with the names of measures, then a line for each row: its label and numbers; an empty cell where none was published",
  page: "`published` names a CSV, relative to the file that names it: labels of rows in the first column, one column for each measure. Columns of something else than numbers are allowed where no cell of theirs is a number, and left out.",
  failing: { files: { "main.pt": spec, "table.csv": "row,loss\n16,2.5\n32\n" }, command: ["plan", "main.pt", "sizes"] },
  fixed: { files: { "main.pt": spec, "table.csv": "row,loss\n16,2.5\n32,2.4\nsmall,2.6\n" }, command: ["plan", "main.pt", "sizes"] },
});
