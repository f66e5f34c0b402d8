// A word of the grammar as a name.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly word: string }

export const reservedName = defineDiagnostic<Data>({
  code: "PT1122",
  slug: "reserved-name",
  severity: "error",
  title: "A word of the grammar as a name",
  message: ({ word }) => `\`${word}\` is a word of the grammar and cannot be a name`,
  page: `\`import let on off not mod\` are reserved, and \`repeat vary remove encoder decoder head weights\` begin statements; none of them can be declared.`,
  failing: "mask head(n) = causal & (query - key < n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
