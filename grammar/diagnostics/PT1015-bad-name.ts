// A name with letters that names do not have.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly name: string }

export const badName = defineDiagnostic<Data>({
  code: "PT1015",
  slug: "bad-name",
  severity: "error",
  title: "A name with letters that names do not have",
  message: ({ name }) => `\`${name}\` is not a name: names have small letters a–z, digits and \`_\``,
  page: `Names begin with a small letter or \`_\` and go on with small letters, digits and \`_\`. One spelling of each name keeps files comparable.`,
  failing: "mask Near(n) = causal & (query - key < n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
