// A name is missing.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly after: string }

export const missingName = defineDiagnostic<Data>({
  code: "PT1120",
  slug: "missing-name",
  severity: "error",
  title: "A name is missing",
  message: ({ after }) => `a name is missing after \`${after}\``,
  page: `What is declared has a name: \`model small { … }\`, \`let rate = 15%\`. A dot is followed by the next name of a path.`,
  failing: `hardware {
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
