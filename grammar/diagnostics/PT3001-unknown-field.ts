// PT3001: a field that this block does not have.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const unknownField = defineDiagnostic<{ name: string; where: string; suggestion?: string; names: readonly string[] }>({
  code: "PT3001",
  slug: "unknown-field",
  severity: "error",
  title: "a field that this block does not have",
  message: ({ name, where }) => `${where} has no field \`${name}\``,
  hint: ({ suggestion, names }) => suggestion ?? `its fields are ${names.map((name) => `\`${name}\``).join(", ")}`,
  page: "Only known fields are accepted: a misspelled field that is silently ignored would leave its default in place.",
  failing: smallRun.replace("length: 16", "lenght: 16"),
  fixed: smallRun,
});
