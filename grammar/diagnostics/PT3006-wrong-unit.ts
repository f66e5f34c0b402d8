// PT3006: a quantity in the wrong unit, or without one.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const wrongUnit = defineDiagnostic<{ wanted: string; given: string; value: string }>({
  code: "PT3006",
  slug: "wrong-unit",
  severity: "error",
  title: "a quantity in the wrong unit, or without one",
  message: ({ wanted, given, value }) => `${wanted} is wanted, not ${given === "no unit" ? `the bare number ${value}` : `one in \`${given}\``}`,
  hint: ({ given, value }) => given !== "no unit" ? undefined : `write the unit after the number: \`${value} …\``,
  page: "A count says what it counts: `32 examples` and `32 tokens` are different batches. Units convert only through a run's batch, length and data, and the plan shows the conversion.",
  failing: smallRun.replace("batch: 4 examples", "batch: 4"),
  fixed: smallRun,
});
