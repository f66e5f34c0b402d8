// A value is missing.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly after: string }

export const missingValue = defineDiagnostic<Data>({
  code: "PT1115",
  slug: "missing-value",
  severity: "error",
  title: "A value is missing",
  message: ({ after }) => `a value is missing after \`${after}\``,
  page: `After \`:\` stands a value or a block, after \`=\` a value. To leave a field at its default, leave the whole field out.`,
  failing: `hardware small {
  flops: 312T
  memory: 80 GB
  price:
}
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
`,
});
