// PT5062: a task with one class, or none.

import { defineDiagnostic } from "./define.ts";
import { quoted } from "./_quoted.ts";
import { taskSpec } from "./_task-example.ts";

export const oneClass = defineDiagnostic<{ task: string; column: string; labels: readonly string[] }>({
  code: "PT5062",
  slug: "one-class",
  severity: "error",
  title: "a task with one class, or none",
  message: ({ task, column, labels }) => `\`${task}\` needs two classes or more, and \`${column}\` has ${labels.length === 1 ? `${quoted(labels[0])} alone` : "none"}`,
  hint: ({ labels }) => labels.some((label) => label.includes("\n")) ? "that may be a whole file: `format: text`, the default, makes one row of each; a table wants `format: csv`, `tsv` or `jsonl`" : "check the files and the column's name; `labels: [\"no\", \"yes\"]` in the column names classes that the files may lack",
  page: "With one class every answer is right before anything is learned.",
  failing: taskSpec({ columns: 'text: string  label: class(labels: ["yes"])' }),
  fixed: taskSpec({ columns: 'text: string  label: class(labels: ["no", "yes"])' }),
});
