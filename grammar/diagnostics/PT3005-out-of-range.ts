// PT3005: a value out of range.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const outOfRange = defineDiagnostic<{ value: number; wanted: string }>({
  code: "PT3005",
  slug: "out-of-range",
  severity: "error",
  title: "a value out of range",
  message: ({ value, wanted }) => `${value} is out of range: ${wanted} is wanted`,
  page: "The value is of the right type but outside of what makes sense.",
  failing: smallRun.replace("lr: 1e-3", "lr: -1"),
  fixed: smallRun,
});
