// PT5021: objectives that cannot be combined in this way.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const wrongCombination = defineDiagnostic<{ what: string; where: string; instead: string }>({
  code: "PT5021",
  slug: "wrong-combination",
  severity: "error",
  title: "objectives that cannot be combined in this way",
  message: ({ what, where }) => `${what} cannot stand in ${where}`,
  hint: ({ instead }) => instead,
  page: "`in_turn` applies corruptions whose target is the original text. A sum adds losses of one example. `led_by` and `mixture` go around them, not inside.",
  failing: encoderRun("masked + mixture(masked, masked(30%))"),
  fixed: encoderRun("mixture(masked, masked(30%))"),
});
