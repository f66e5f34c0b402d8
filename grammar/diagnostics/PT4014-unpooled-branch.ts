// PT4014: a branch that is not pooled.

import { defineDiagnostic } from "./define.ts";

export const unpooledBranch = defineDiagnostic<{ name: string }>({
  code: "PT4014",
  slug: "unpooled-branch",
  severity: "error",
  title: "a branch that is not pooled",
  message: ({ name }) => `the branch \`${name}\` has features for every position; a comparison needs one vector an example`,
  page: "The layer that joins two branches compares one vector of each: each branch needs a `pool`.",
  failing: `model two(width = 8) { encoder a { embed: tokens(300, width) } encoder b { embed: tokens(300, width) } head contrastive { a { dense(4) } b { pool(first) dense(4) } cosine } }
`,
  fixed: `model two(width = 8) { encoder a { embed: tokens(300, width) } encoder b { embed: tokens(300, width) } head contrastive { a { pool(first) dense(4) } b { pool(first) dense(4) } cosine } }
`,
});
