// A brace in a string that opens no hole.

import { defineDiagnostic } from "./define.ts";

export const badHole = defineDiagnostic({
  code: "PT1014",
  slug: "bad-hole",
  severity: "error",
  title: "A brace in a string that opens no hole",
  message: () => "`{` in a string opens a hole `{column}`, and this one has no name or no `}`",
  hint: () => "a plain brace is written `\\{`",
  page: `In a string \`{column}\` is a hole that a column fills. A brace that is meant as a brace is written \`\\{\`.`,
  failing: "template plain { user: \"{content} {\"  assistant: \"{content}\\n\" }\n",
  fixed: "template plain { user: \"{content} \\{\"  assistant: \"{content}\\n\" }\n",
});
