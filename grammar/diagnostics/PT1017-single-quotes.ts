// A string between single quotes.

import { defineDiagnostic } from "./define.ts";

export const singleQuotes = defineDiagnostic({
  code: "PT1017",
  slug: "single-quotes",
  severity: "error",
  title: "A string between single quotes",
  message: () => "strings stand between double quotes",
  page: `There is one form of string, \`"…"\`, so that nobody has to choose.`,
  failing: "template plain { user: '{content}\\n'  assistant: \"{content}\\n\" }\n",
  fixed: "template plain { user: \"{content}\\n\"  assistant: \"{content}\\n\" }\n",
});
