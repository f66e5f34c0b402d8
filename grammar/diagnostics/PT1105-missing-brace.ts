// A declaration whose block has no opening brace.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly word: string; readonly name: string }

export const missingBrace = defineDiagnostic<Data>({
  code: "PT1105",
  slug: "missing-brace",
  severity: "error",
  title: "A declaration whose block has no opening brace",
  message: ({ word, name }) => `\`{\` is missing before the block of \`${word} ${name}\``,
  page: `A declaration's block stands between \`{\` and \`}\`. The closing brace is there, the opening one is not.`,
  failing: `hardware small
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
