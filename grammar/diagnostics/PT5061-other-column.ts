// PT5061: a column of another type than a task reads.

import { alternatives } from "../fields.ts";
import { defineDiagnostic } from "./define.ts";
import { taskSpec } from "./_task-example.ts";

export const otherColumn = defineDiagnostic<{ task: string; parameter: string; column: string; type: string; types: readonly string[] }>({
  code: "PT5061",
  slug: "other-column",
  severity: "error",
  title: "a column of another type than a task reads",
  message: ({ task, parameter, column, type, types }) => `\`${task}\` takes ${alternatives(types.map((one) => `\`${one}\``))} as its \`${parameter}\`, and \`${column}\` is \`${type}\``,
  hint: ({ column, types }) => `declare it as \`${column}: ${types[0]}\`, or name another column`,
  page: "What a column holds decides what can be learned from it: classes for `classify`, numbers for `regress`, a tag for each word for `tag`.",
  failing: taskSpec({ columns: "text: string  label: number" }),
  fixed: taskSpec({ columns: "text: string  label: number", task: "regress(text, label)" }),
});
