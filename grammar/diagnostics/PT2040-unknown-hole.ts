// PT2040: a hole that no column of the data fills.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

export const unknownHole = defineDiagnostic<{ hole: string; data: string; columns: readonly string[]; nearest?: string }>({
  code: "PT2040",
  slug: "unknown-hole",
  severity: "error",
  title: "a hole that no column of the data fills",
  message: ({ hole, data }) => `\`${data}\` has no column \`${hole}\``,
  hint: ({ columns, nearest }) => (nearest ? `did you mean \`{${nearest}}\`?` : `its columns are ${columns.map((name) => `\`${name}\``).join(", ")}; a plain brace is written \`\\{\``),
  page: "A prompt is a text with holes: `\"English: {english}\\nFrench: \" -> \"{french}\"`. Each hole is a column of the data, by the name that `columns` gives it, and is filled from one row. A source without columns has one, called `text`.",
  failing: evaluationSpec({ prompt: '"English: {englsh}\\nFrench: " -> "{french}"' }),
  fixed: evaluationSpec(),
});
