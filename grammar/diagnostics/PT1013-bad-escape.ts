// A backslash before something that needs none.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly escape: string }

export const badEscape = defineDiagnostic<Data>({
  code: "PT1013",
  slug: "bad-escape",
  severity: "error",
  title: "A backslash before something that needs none",
  message: ({ escape }) => `\`${escape}\` is no escape`,
  hint: () => "the escapes are `\\n`, `\\t`, `\\\"`, `\\\\`, `\\{`, `\\}` and `\\u{…}`",
  page: `The escapes are \`\\n\`, \`\\t\`, \`\\"\`, \`\\\\\`, \`\\{\`, \`\\}\` and \`\\u{1F600}\` with the number of a character. A backslash itself is written twice.`,
  failing: "template plain { user: \"{content}\\d\"  assistant: \"{content}\\n\" }\n",
  fixed: "template plain { user: \"{content}\\n\"  assistant: \"{content}\\n\" }\n",
});
