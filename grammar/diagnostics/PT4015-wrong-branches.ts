// PT4015: a head of branches that cannot be joined.

import { defineDiagnostic } from "./define.ts";

export const wrongBranches = defineDiagnostic<{ head: string; branches: number; joins: number }>({
  code: "PT4015",
  slug: "wrong-branches",
  severity: "error",
  title: "a head of branches that cannot be joined",
  message: ({ head, branches, joins }) => `\`${head}\` has ${branches} ${branches === 1 ? "branch" : "branches"} and ${joins} other ${joins === 1 ? "statement" : "statements"}; it needs two branches and one layer that joins them`,
  page: "A head that compares two stacks writes a block for each, named like the stack, and then the layer that joins the results: `text { … } image { … } cosine`.",
  failing: `model two(width = 8) { encoder a { embed: tokens(300, width) } encoder b { embed: tokens(300, width) } head contrastive { a { pool(first) } b { pool(first) } } }
`,
  fixed: `model two(width = 8) { encoder a { embed: tokens(300, width) } encoder b { embed: tokens(300, width) } head contrastive { a { pool(first) } b { pool(first) } cosine } }
`,
});
