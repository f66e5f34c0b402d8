// PT5008: no length and no context to take it from.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const lengthUnknown = defineDiagnostic<Record<string, never>>({
  code: "PT5008",
  slug: "length-unknown",
  severity: "error",
  title: "no length and no context to take it from",
  message: () => "the run gives no `length`, and its model has no parameter `context` to take it from",
  hint: () => "add `length: 128`",
  page: "The length is the number of positions of a sequence.",
  failing: smallRun.replace("  length: 16\n", ""),
  fixed: smallRun,
});
