// PT7081: a label of a published table that no row has.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

const spec = ablationExample({ rows: 'vary { "wide": { model.width: 16 } }', more: 'published: "table.csv"' });

export const unpublishedRow = defineDiagnostic<{ file: string; label: string; suggestion?: string }>({
  code: "PT7081",
  slug: "unpublished-row",
  severity: "warning",
  title: "a published row that the ablation does not have",
  message: ({ file, label }) => `\`${file}\` has a row \`${label}\`, and the ablation has none of that label`,
  hint: ({ suggestion }) => suggestion ?? "it is left out of the comparison",
  page: "Rows are matched with the published ones by their labels, letter by letter.",
  failing: { files: { "main.pt": spec, "table.csv": "row,loss\nwidde,2.5\n" }, command: ["plan", "main.pt", "sizes"] },
  fixed: { files: { "main.pt": spec, "table.csv": "row,loss\nwide,2.5\n" }, command: ["plan", "main.pt", "sizes"] },
});
