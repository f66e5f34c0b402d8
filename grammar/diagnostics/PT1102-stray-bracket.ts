// A closing bracket that closes nothing.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly bracket: string }

export const strayBracket = defineDiagnostic<Data>({
  code: "PT1102",
  slug: "stray-bracket",
  severity: "error",
  title: "A closing bracket that closes nothing",
  message: ({ bracket }) => `\`${bracket}\` closes nothing`,
  page: `There is a closing bracket too many, or the opening one before it was forgotten.`,
  failing: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
}
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
`,
});
