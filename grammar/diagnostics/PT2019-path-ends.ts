// PT2019: a path that goes below a plain value.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const pathEnds = defineDiagnostic<{ path: string; at: string }>({
  code: "PT2019",
  slug: "path-ends",
  severity: "error",
  title: "a path that goes below a plain value",
  message: ({ path, at }) => `the path \`${path}\` leads below \`${at}\`, which has no parts`,
  page: "Paths step through sections by field, and through a single call or the name of a declaration by parameter. A number, a text or a list has no parts.",
  failing: smallRun + "pretrain other extends small { length.more: 3 }\n",
  fixed: smallRun + "pretrain other extends small { length: 8 }\n",
});
