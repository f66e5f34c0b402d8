// A word between name and block that is no relation.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly word: string; readonly near?: string }

export const unknownRelation = defineDiagnostic<Data>({
  code: "PT1124",
  slug: "unknown-relation",
  severity: "error",
  title: "A word between name and block that is no relation",
  message: ({ word }) => `\`${word}\` is no relation: a declaration \`extends\` another, is \`from\` a run, or is \`of\` one`,
  hint: ({ near }) => (near === undefined ? undefined : `did you mean \`${near}\`?`),
  page: `After the name of a declaration stand its parameters and then \`extends\`, \`from\` or \`of\` with what it relates to.`,
  failing: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}

hardware large extend small { memory: 160 GB }
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}

hardware large extends small { memory: 160 GB }
`,
});
