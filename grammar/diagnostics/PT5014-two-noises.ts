// PT5014: a sum of objectives that need different texts.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const twoNoises = defineDiagnostic<{ what: string }>({
  code: "PT5014",
  slug: "two-noises",
  severity: "error",
  title: "a sum of objectives that need different texts",
  message: ({ what }) => `the terms of a sum share one example, but these ${what}`,
  hint: () => "use `mixture(…)`, in which each example belongs to one of them",
  page: "`a + b` adds losses of one example and one forward pass: at most one kind of noise, one pair, and one target that is a sequence of its own.",
  failing: encoderRun("masked(15%) + masked(30%)"),
  fixed: encoderRun("mixture(masked(15%), masked(30%))"),
});
