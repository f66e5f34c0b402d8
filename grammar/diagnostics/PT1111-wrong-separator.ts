// `=` for `:`, or `:` for `=`.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly written: string; readonly wanted: string; readonly what: string }

export const wrongSeparator = defineDiagnostic<Data>({
  code: "PT1111",
  slug: "wrong-separator",
  severity: "error",
  title: "`=` for `:`, or `:` for `=`",
  message: ({ written, wanted, what }) => written === "" ? `\`${wanted}\` is missing before ${what}` : `${what} is written with \`${wanted}\`, not with \`${written}\``,
  page: `A field and a named argument are given with \`:\` (\`lr: 1e-3\`); a \`let\`, a parameter's default and a declaration's value with \`=\` (\`let rate = 15%\`).`,
  failing: `hardware small {
  flops: 312T
  memory: 80 GB
  price = 2.5
}
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
`,
});
