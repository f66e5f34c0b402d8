// A bracket that is never closed.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly opener: string; readonly closer: string | undefined; readonly line: number; readonly others: readonly number[] }

export const unclosedBracket = defineDiagnostic<Data>({
  code: "PT1101",
  slug: "unclosed-bracket",
  severity: "error",
  title: "A bracket that is never closed",
  message: ({ opener, closer, line, others }) => `\`${opener}\` of line ${line} is not closed: \`${closer}\` is missing before this${others.length === 0 ? "" : ` (and what is opened on ${others.length === 1 ? "line" : "lines"} ${others.join(", ")} is open too)`}`,
  page: `Every \`{\`, \`(\` and \`[\` has its partner. A kind word and a name at the margin, or the end of the file, came while a bracket was still open. The message names the line of the bracket that, judged by the indentation, was left open; what follows is checked all the same.`,
  failing: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5

mask near(n) = causal & (query - key < n)
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}

mask near(n) = causal & (query - key < n)
`,
});
