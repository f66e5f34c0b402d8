// PT3007: an argument that is no parameter.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const unknownArgument = defineDiagnostic<{ name: string; callee: string; suggestion?: string; names: readonly string[] }>({
  code: "PT3007",
  slug: "unknown-argument",
  severity: "error",
  title: "an argument that is no parameter",
  message: ({ name, callee }) => `\`${callee}\` has no parameter \`${name}\``,
  hint: ({ suggestion, names }) => suggestion ?? (names.length ? `its parameters are ${names.map((name) => `\`${name}\``).join(", ")}` : "it has no parameters"),
  page: "Arguments are matched to the parameters of what is called; nothing is passed on silently.",
  failing: tinyModel.replace("mask", "msk"),
  fixed: tinyModel,
});
