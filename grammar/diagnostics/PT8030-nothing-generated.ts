// PT8030: a run whose model does not generate.

import { defineDiagnostic } from "./define.ts";
import { runExample } from "./_run-example.ts";

export const nothingGenerated = defineDiagnostic<{ run: string }>({
  code: "PT8030",
  slug: "nothing-generated",
  severity: "error",
  title: "a run whose model does not generate",
  message: ({ run }) => `\`${run}\` has no decoder with a head \`lm\`: it predicts no next token`,
  page: "Text is generated token by token, by the `lm` head of a decoder. An encoder fills in what is masked, or scores; `pt apply` and `pt evaluate` use it.",
  failing: { files: { "main.pt": runExample() }, command: ["generate", "main.pt", "small", "--prompt", "a"] },
  fixed: { files: { "main.pt": runExample() }, command: ["check", "main.pt"] },
});
