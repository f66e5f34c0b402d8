// PT3002: a field given twice.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const repeatedField = defineDiagnostic<{ name: string }>({
  code: "PT3002",
  slug: "repeated-field",
  severity: "error",
  title: "a field given twice",
  message: ({ name }) => `\`${name}\` is given twice`,
  hint: () => "keep one of them",
  page: "One of the two would silently win. Keep the one that is meant.",
  failing: smallRun.replace("length: 16", "length: 16\n  length: 8"),
  fixed: smallRun,
});
