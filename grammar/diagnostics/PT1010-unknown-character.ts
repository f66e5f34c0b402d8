// A character that the language does not use.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly text: string; readonly hint?: string }

export const unknownCharacter = defineDiagnostic<Data>({
  code: "PT1010",
  slug: "unknown-character",
  severity: "error",
  title: "A character that the language does not use",
  message: ({ text }) => `${describe(text)} has no meaning here`,
  hint: ({ hint }) => hint,
  page: `The character is part of no word, number, string, operator or bracket of the language. Strings stand between straight double quotes, comments begin with \`//\`, and statements need no separator.`,
  failing: `hardware small {
  flops: 312T;
  memory: 80 GB
  price: 2.5
}
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
`,
});

/** A visible character as it is, an invisible one by its number. */
function describe(text: string): string {
  const first = [...text][0] ?? "";
  const number = `U+${(first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(text) ? `\`${text.slice(0, 20)}\`` : `the character ${number}`;
}
