// PT5093: rows of an ablation that do not have the form of rows.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

export const malformedAxis = defineDiagnostic<{ problem: string }>({
  code: "PT5093",
  slug: "malformed-axis",
  severity: "error",
  title: "rows of an ablation in a wrong form",
  message: ({ problem }) => problem,
  hint: () => "the forms are `vary path in [a, b]`, `vary path in { \"label\": a }`, `vary [p, q] in [[a, b], [c, d]]` and `vary { \"label\": { changes } }`",
  page: "Each `vary` is an axis of the grid. A list of values is labelled by the values; several paths take a list of as many values for each row; a block of rows gives each a label in quotes.",
  failing: ablationExample({ rows: "vary [model.width, optimizer.lr] in [[16, 1e-3], [32]]" }),
  fixed: ablationExample({ rows: "vary [model.width, optimizer.lr] in [[16, 1e-3], [32, 5e-4]]" }),
});
