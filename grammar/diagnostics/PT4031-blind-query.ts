// PT4031: a mask under which some queries see no key.

import { defineDiagnostic } from "./define.ts";

const model = (mask: string): string => `model tiny(width = 8) { decoder { embed: tokens(300, width) attention(2, mask: ${mask}) } }\n`;

export const blindQuery = defineDiagnostic<{ mask: string; query: number }>({
  code: "PT4031",
  slug: "blind-query",
  severity: "warning",
  title: "a mask under which some queries see no key",
  message: ({ mask, query }) => `under \`${mask}\` position ${query} sees no key, at any length`,
  hint: () => "let each position at least see itself: `… | query == key`",
  page: `A query that sees no key gets zeros from attention, in value and gradient; the rest of the model still works, so this is a warning. It is meant where queries that look far back have nothing to look at yet (\`causal & query - key >= 4\`).

Nothing is said where only position 0 sees nothing: under a mask of strictly earlier keys (\`key < query\`) it cannot be otherwise. Nothing is said of queries that see nothing only at some lengths, as the last one under \`not causal\`, or only with some prefixes. A mask under which no query sees anything is an error, PT4030.`,
  failing: model("causal & query - key >= 4"),
  fixed: model("causal & (query - key >= 4 | query == key)"),
});
