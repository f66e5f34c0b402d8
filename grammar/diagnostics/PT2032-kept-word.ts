// PT2032: a word that is kept for later.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const keptWord = defineDiagnostic<{ word: string; what: string }>({
  code: "PT2032",
  slug: "kept-word",
  severity: "error",
  title: "a word that is kept for later",
  message: ({ word, what }) => `\`${word}\` (${what}) is not in the language yet`,
  page: "The word is kept for replaced-token detection, which a later version may bring. No other meaning will be given to it.",
  failing: encoderRun("mine", "objective mine { noise: tokens(15%)  input: <mask>  target: replaced }\n"),
  fixed: encoderRun("mine", "objective mine { noise: tokens(15%)  input: <mask>  target: in_place }\n"),
});
