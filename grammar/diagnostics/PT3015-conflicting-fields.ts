// PT3015: not exactly one of several fields.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const conflictingFields = defineDiagnostic<{ group: readonly string[]; given: readonly string[]; where: string }>({
  code: "PT3015",
  slug: "conflicting-fields",
  severity: "error",
  title: "not exactly one of several fields",
  message: ({ group, given, where }) => given.length ? `${where} has ${given.map((name) => `\`${name}\``).join(" and ")}, but only one of them can hold` : `${where} needs ${group.map((name) => `\`${name}\``).join(" or ")}`,
  page: "These fields exclude each other, and one of them is needed.",
  failing: smallRun.replace("kind: bytes", "kind: bytes  file: \"tokenizer.json\""),
  fixed: smallRun,
});
