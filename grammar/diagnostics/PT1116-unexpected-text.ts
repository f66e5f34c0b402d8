// Something that cannot stand here.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly found: string; readonly where: string }

export const unexpectedText = defineDiagnostic<Data>({
  code: "PT1116",
  slug: "unexpected-text",
  severity: "error",
  title: "Something that cannot stand here",
  message: ({ found, where }) => `${found} cannot stand ${where}`,
  page: `The text belongs to no statement, declaration or value. In a block stand fields (\`name: value\`), layers and sections (\`name(…) { … }\`), and the statements that begin with \`let\`, \`repeat\`, \`vary\`, \`remove\`, \`encoder\`, \`decoder\`, \`head\` and \`weights\`.`,
  failing: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5 3
}
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
`,
});
