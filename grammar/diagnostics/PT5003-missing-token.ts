// PT5003: a special token that the tokenizer lacks.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const missingToken = defineDiagnostic<{ token: string; tokenizer: string; why: string }>({
  code: "PT5003",
  slug: "missing-token",
  severity: "error",
  title: "a special token that the tokenizer lacks",
  message: ({ token, tokenizer, why }) => `the tokenizer \`${tokenizer}\` has no \`<${token}>\`, which ${why}`,
  hint: ({ token }) => `add \`<${token}>\` to \`special\``,
  page: "Special tokens are listed in the tokenizer's `special`.",
  failing: smallRun.replace("special: [<pad>, <eos>]", "special: [<eos>]").replace("tokens(300, width)", "tokens(300, width, padding: <pad>)"),
  fixed: smallRun.replace("300, width", "300, width, padding: <pad>"),
});
