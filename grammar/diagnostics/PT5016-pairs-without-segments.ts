// PT5016: a table of segments too small for pairs.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const pairsWithoutSegments = defineDiagnostic<{ segments: number; objective: string }>({
  code: "PT5016",
  slug: "pairs-without-segments",
  severity: "error",
  title: "a table of segments too small for pairs",
  message: ({ segments, objective }) => `\`${objective}\` makes pairs of texts, which need 2 segments; the model has ${segments}`,
  hint: () => "use `segments(2)`, or leave `segments` out: `<sep>` still stands between the texts",
  page: "The second text of a pair has segment 1, which must be a row of the table.",
  failing: encoderRun("masked + nsp", "", undefined, " + segments(1)"),
  fixed: encoderRun("masked + nsp", "", undefined, " + segments(2)"),
});
