// PT3003: a required field is missing.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const missingField = defineDiagnostic<{ names: readonly string[]; where: string }>({
  code: "PT3003",
  slug: "missing-field",
  severity: "error",
  title: "a required field is missing",
  message: ({ names, where }) => `${where} lacks ${names.map((name) => `\`${name}\``).join(", ")}`,
  hint: ({ names }) => `add \`${names[0]}: …\``,
  page: "These fields have no default, because every choice would decide what is studied.",
  failing: smallRun.replace("  optimizer: adamw(lr: 1e-3)\n", ""),
  fixed: smallRun,
});
