// A string without its closing quote.

import { defineDiagnostic } from "./define.ts";

export const unterminatedString = defineDiagnostic({
  code: "PT1012",
  slug: "unterminated-string",
  severity: "error",
  title: "A string without its closing quote",
  message: () => "the string has no closing `\"` on its line",
  page: `A string ends on the line where it begins. Write \`\\n\` for a line end inside it and \`\\"\` for a quote.`,
  failing: `template plain { assistant: "{content}\\n"  user: "{content}
}
`,
  fixed: "template plain { user: \"{content}\\n\"  assistant: \"{content}\\n\" }\n",
});
