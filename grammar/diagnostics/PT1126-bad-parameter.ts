// A parameter that is not a name.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly found: string }

export const badParameter = defineDiagnostic<Data>({
  code: "PT1126",
  slug: "bad-parameter",
  severity: "error",
  title: "A parameter that is not a name",
  message: ({ found }) => `a parameter is a name, with a default after \`=\` if it has one; ${found} is neither`,
  page: `Where something is declared, its parentheses hold the names of its parameters: \`mask near(n = 64)\`. Values are given where it is used.`,
  failing: "mask near(n, 3) = causal & (query - key < n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
