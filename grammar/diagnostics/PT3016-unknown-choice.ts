// PT3016: a word that is none of the choices.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const unknownChoice = defineDiagnostic<{ word: string; words: readonly string[]; suggestion?: string }>({
  code: "PT3016",
  slug: "unknown-choice",
  severity: "error",
  title: "a word that is none of the choices",
  message: ({ word }) => `\`${word}\` is not one of the choices here`,
  hint: ({ words, suggestion }) => suggestion ?? (words.length ? `choose ${words.map((word) => `\`${word}\``).join(" or ")}` : undefined),
  page: "The field takes one of a few words.",
  failing: smallRun.replace("split {", "format: txt  split {"),
  fixed: smallRun.replace("split {", "format: text  split {"),
});
