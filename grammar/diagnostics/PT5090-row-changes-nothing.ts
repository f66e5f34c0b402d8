// PT5090: a row of an ablation that is another row.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

export const rowChangesNothing = defineDiagnostic<{ row: string; same: string; baseline: boolean }>({
  code: "PT5090",
  slug: "row-changes-nothing",
  severity: "error",
  title: "a row of an ablation that changes nothing",
  message: ({ row, same, baseline }) => (baseline ? `the row \`${row}\` changes nothing: it is the baseline \`${same}\`` : `the row \`${row}\` is the same run as \`${same}\``),
  hint: ({ baseline }) => (baseline ? "leave it out (the baseline is always the first row; an empty block names it), or let it change something" : "leave one of them out"),
  page: "A row that comes to the same plan as the baseline, or as another row, would be a second name for one result, and usually a change that did not reach what it was meant for: a path that a later axis sets again, a seed (all rows run the same seeds), a value that was there already. A value of a list, or a point of a grid, may be the baseline's, and so may an empty block, `\"full\": {}`: it names the baseline.",
  failing: ablationExample({ rows: 'vary { "wide": { model.width: 16 }  "as before": { optimizer.lr: 1e-3 } }' }),
  fixed: ablationExample({ rows: 'vary { "wide": { model.width: 16 }  "slow": { optimizer.lr: 1e-4 } }' }),
});
