// PT2014: a relation that this kind of declaration does not have.

import { defineDiagnostic } from "./define.ts";

export const misplacedRelation = defineDiagnostic<{ relation: string; kind: string; allowed: readonly string[] }>({
  code: "PT2014",
  slug: "misplaced-relation",
  severity: "error",
  title: "a relation that this kind of declaration does not have",
  message: ({ relation, kind }) => `a \`${kind}\` has no \`${relation}\``,
  hint: ({ allowed }) => (allowed.length ? `it may have ${allowed.map((word) => `\`${word}\``).join(" or ")}` : undefined),
  page: "`extends` copies a declaration of the same kind; `from` starts a run from the weights of another; `of` names the run that is evaluated or varied.",
  failing: `mask near(n) extends causal = window(n)
`,
  fixed: `mask near(n) = window(n)
`,
});
