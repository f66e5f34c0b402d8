// A comment in the form of another language.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly written: string }

export const foreignComment = defineDiagnostic<Data>({
  code: "PT1016",
  slug: "foreign-comment",
  severity: "error",
  title: "A comment in the form of another language",
  message: ({ written }) => `comments begin with \`//\`, not with \`${written}\``,
  page: `A comment begins with \`//\` and ends with its line. \`///\` documents the declaration or field that follows.`,
  failing: `# keys near the query
mask near(n) = causal & (query - key < n)
`,
  fixed: `// keys near the query
mask near(n) = causal & (query - key < n)
`,
});
