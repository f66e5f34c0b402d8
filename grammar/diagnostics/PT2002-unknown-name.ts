// PT2002: a name that nothing visible has.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const unknownName = defineDiagnostic<{ name: string; wanted: string; suggestion?: string }>({
  code: "PT2002",
  slug: "unknown-name",
  severity: "error",
  title: "a name that nothing visible has",
  message: ({ name, wanted }) => `nothing called \`${name}\` is known here, where ${wanted} is wanted`,
  hint: ({ suggestion }) => suggestion,
  page: "A name is looked up among the `let`s written above it, the parameters, the file's declarations and imports, and the vocabulary; only things of the wanted type count. The language reference lists the vocabulary, and `pt explain WORD` explains a word.",
  failing: tinyModel.replace("gelu", "gelo"),
  fixed: tinyModel,
});
