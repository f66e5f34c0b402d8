// A statement where it cannot stand.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly found: string; readonly wanted: string }

export const misplacedStatement = defineDiagnostic<Data>({
  code: "PT1117",
  slug: "misplaced-statement",
  severity: "error",
  title: "A statement where it cannot stand",
  message: ({ found, wanted }) => `${found} cannot stand here: ${wanted}`,
  page: `A file holds imports, \`let\`s and declarations (\`model name { … }\`); everything else stands inside a declaration's block, and imports never do.`,
  failing: `flops: 312T
hardware small {
  flops: 312T
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
