// Comparisons in a row.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly first: string; readonly second: string }

export const chainedComparison = defineDiagnostic<Data>({
  code: "PT1131",
  slug: "chained-comparison",
  severity: "error",
  title: "Comparisons in a row",
  message: ({ first, second }) => `comparisons do not chain: \`${first}\` and \`${second}\` in a row`,
  hint: () => "join two comparisons with `&`",
  page: `A comparison has two sides. Join two of them with \`&\`: \`a < b & b < c\`.`,
  failing: "mask near(n) = causal & (0 <= query - key < n)\n",
  fixed: "mask near(n) = causal & (0 <= query - key & query - key < n)\n",
});
