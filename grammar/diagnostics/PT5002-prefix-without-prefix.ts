// PT5002: a prefix mask without an objective that has a prefix.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const prefixWithoutPrefix = defineDiagnostic<{ objective: string }>({
  code: "PT5002",
  slug: "prefix-without-prefix",
  severity: "error",
  title: "a prefix mask without an objective that has a prefix",
  message: ({ objective }) => `the mask looks at \`prefix\`, but \`${objective}\` has none`,
  hint: () => "use `causal`",
  page: "The prefix of an example is what an objective gives as input before its targets. Under a plain next-token objective it is empty, and the mask would be no more than causal.",
  failing: smallRun.replace("mask: causal", "mask: prefix"),
  fixed: smallRun,
});
