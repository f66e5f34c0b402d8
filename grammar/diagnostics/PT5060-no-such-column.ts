// PT5060: a task that reads a column which the data does not have.

import { defineDiagnostic } from "./define.ts";
import { taskSpec } from "./_task-example.ts";

export const noSuchColumn = defineDiagnostic<{ column: string; source: string; known: readonly string[]; suggestion?: string }>({
  code: "PT5060",
  slug: "no-such-column",
  severity: "error",
  title: "a task that reads a column which the data does not have",
  message: ({ column, source }) => `\`${source}\` has no column \`${column}\``,
  hint: ({ known, suggestion }) => suggestion ?? (known.length ? `its columns are \`${known.join("`, `")}\`` : "it is drawn, and has no columns"),
  page: "A task names columns by the names that the data source gives them under `columns`, in training and in held-out data alike.",
  failing: taskSpec({ task: "classify(text, lable)" }),
  fixed: taskSpec(),
});
