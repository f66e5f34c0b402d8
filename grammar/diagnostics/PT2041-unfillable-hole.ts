// PT2041: a hole for a column that has no text.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

export const unfillableHole = defineDiagnostic<{ hole: string; type: string }>({
  code: "PT2041",
  slug: "unfillable-hole",
  severity: "error",
  title: "a hole for a column that has no text",
  message: ({ hole, type }) => `\`${hole}\` is a column of type \`${type}\`, which has no text to put here`,
  hint: ({ type }) => (type === "messages" ? "a conversation becomes text by a `template`" : undefined),
  page: "The hole of a prompt is filled with the text of a column: a text as it is, a class by its label or, where they are given, its name, a number in digits, words with spaces between them. Images and whole conversations have no such text.",
  failing: evaluationSpec({ columns: "english: messages  french: string" }),
  fixed: evaluationSpec({ columns: "english: words  french: string" }),
});
