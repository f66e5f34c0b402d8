// PT3010: an argument in a place that has no parameter.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const tooManyArguments = defineDiagnostic<{ callee: string; positional: readonly string[]; names: readonly string[]; afterNamed: boolean }>({
  code: "PT3010",
  slug: "too-many-arguments",
  severity: "error",
  title: "an argument in a place that has no parameter",
  message: ({ callee, positional, names, afterNamed }) => afterNamed ? "arguments without a name come before those with one" : positional.length ? `\`${callee}\` takes ${positional.map((name) => `\`${name}\``).join(", ")} without a name and the rest by name` : names.length ? `\`${callee}\` takes its arguments by name` : `\`${callee}\` takes no arguments`,
  hint: ({ names }) => (names.length ? `its parameters are ${names.map((name) => `\`${name}\``).join(", ")}` : undefined),
  page: "Only the parameters that the reference shows first may be given without a name; the others are given by name, so that a reader need not count.",
  failing: tinyModel.replace("mask: causal", "causal"),
  fixed: tinyModel,
});
