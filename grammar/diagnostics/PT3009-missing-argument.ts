// PT3009: a parameter without a value.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const missingArgument = defineDiagnostic<{ callee: string; missing: readonly string[] }>({
  code: "PT3009",
  slug: "missing-argument",
  severity: "error",
  title: "a parameter without a value",
  message: ({ callee, missing }) => `\`${callee}\` needs ${missing.map((name) => `\`${name}\``).join(", ")}`,
  hint: ({ missing }) => `add \`${missing[0]}: …\``,
  page: "A parameter without a default must be given.",
  failing: tinyModel.replace("2, mask: causal", "2"),
  fixed: tinyModel,
});
