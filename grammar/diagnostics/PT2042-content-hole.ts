// PT2042: a role of a template has one hole, the content of the message.

import { defineDiagnostic } from "./define.ts";

export const contentHole = defineDiagnostic<{ role: string; template: string; found: string | null }>({
  code: "PT2042",
  slug: "content-hole",
  severity: "error",
  title: "a role of a template has one hole, `{content}`",
  message: ({ role, template, found }) =>
    found === null ? `\`${role}\` of the template \`${template}\` has no place for the message` : found === "content" ? `\`${role}\` of the template \`${template}\` writes the message twice` : `\`{${found}}\` means nothing in the template \`${template}\``,
  hint: ({ found }) => (found === "content" ? "write `{content}` once" : "a message stands at `{content}`; a plain brace is written `\\{`"),
  page: "A template says what a message of each role becomes: a text with `{content}`, once, where the message stands. Everything else in it is the same for every message: tokens that open and close a turn, the name of the role. Columns of the data are holes of prompts, not of templates.",
  failing: 'template chatml { user: "[user]{text}\\n"  assistant: "[assistant]{content}\\n" }\n',
  fixed: 'template chatml { user: "[user]{content}\\n"  assistant: "[assistant]{content}\\n" }\n',
});
