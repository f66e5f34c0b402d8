// PT5020: an input that leaves no place for its target.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const misalignedInput = defineDiagnostic<{ input: string; target: string }>({
  code: "PT5020",
  slug: "misaligned-input",
  severity: "error",
  title: "an input that leaves no place for its target",
  message: ({ input, target }) => `\`target: ${target}\` predicts at the places of the text, but \`input: ${input}\` changes their number`,
  hint: () => "show one token a place (`<mask>`, `random`, `keep`, `permute`), or use another target",
  page: "Targets `in_place` and `next` stand at the places of the text itself, so every place must be left.",
  failing: encoderRun("mine", "objective mine { noise: tokens(15%)  input: drop  target: in_place }\n"),
  fixed: encoderRun("mine", "objective mine { noise: tokens(15%)  input: <mask>  target: in_place }\n"),
});
