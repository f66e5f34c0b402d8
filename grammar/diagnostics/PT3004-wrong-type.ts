// PT3004: a value of another type.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const wrongType = defineDiagnostic<{ wanted: string; given: string }>({
  code: "PT3004",
  slug: "wrong-type",
  severity: "error",
  title: "a value of another type",
  message: ({ wanted, given }) => `${wanted} is wanted here, not ${given}`,
  page: "The reference lists the type of every field and parameter.",
  failing: smallRun.replace("length: 16", "length: \"16\""),
  fixed: smallRun,
});
