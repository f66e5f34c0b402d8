// A field without `:`.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly name: string }

export const missingColon = defineDiagnostic<Data>({
  code: "PT1110",
  slug: "missing-colon",
  severity: "error",
  title: "A field without `:`",
  message: ({ name }) => `\`:\` is missing after \`${name}\``,
  page: `A field is a name, a colon and a value: \`width: 128\`.`,
  failing: `hardware small {
  flops: 312T
  memory: 80 GB
  price 2.5
}
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
`,
});
