// An operator of another language.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly written: string; readonly operator: string }

export const foreignOperator = defineDiagnostic<Data>({
  code: "PT1018",
  slug: "foreign-operator",
  severity: "error",
  title: "An operator of another language",
  message: ({ written, operator }) => `\`${written}\` is written \`${operator}\` here`,
  page: `Masks compose with \`&\`, \`|\` and \`not\`; a remainder is \`mod\`, a power \`^\`.`,
  failing: "mask near(n) = causal && (query - key < n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
