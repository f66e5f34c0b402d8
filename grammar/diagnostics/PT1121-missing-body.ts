// A declaration that says nothing.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly word: string; readonly name: string }

export const missingBody = defineDiagnostic<Data>({
  code: "PT1121",
  slug: "missing-body",
  severity: "error",
  title: "A declaration that says nothing",
  message: ({ word, name }) => `\`${word} ${name}\` has neither a block nor a value`,
  page: `A declaration ends in a block \`{ … }\` or in \`=\` and a value.`,
  failing: "mask near(n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
