// `not` inside an operation that binds more tightly.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly operator: string }

export const misplacedNot = defineDiagnostic<Data>({
  code: "PT1133",
  slug: "misplaced-not",
  severity: "error",
  title: "`not` inside an operation that binds more tightly",
  message: ({ operator }) => `\`not\` cannot stand after \`${operator}\` without parentheses`,
  page: `\`not\` binds more loosely than comparisons and arithmetic, so after their operators it needs parentheses: \`a == (not b)\`.`,
  failing: "mask far(n) = causal & (0 < not n)\n",
  fixed: "mask far(n) = causal & not (query - key < n)\n",
});
