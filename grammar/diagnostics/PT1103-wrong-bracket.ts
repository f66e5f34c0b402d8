// A closing bracket of the wrong kind.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly written: string; readonly opener: string; readonly wanted: string; readonly line: number }

export const wrongBracket = defineDiagnostic<Data>({
  code: "PT1103",
  slug: "wrong-bracket",
  severity: "error",
  title: "A closing bracket of the wrong kind",
  message: ({ written, opener, wanted, line }) => `\`${opener}\` of line ${line} is closed by \`${wanted}\`, not by \`${written}\``,
  page: `Blocks stand between \`{ }\`, arguments and groups between \`( )\`, lists between \`[ ]\`.`,
  failing: "mask near(n] = causal & (query - key < n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
