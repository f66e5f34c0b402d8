// PT5006: a token table smaller than the tokenizer's vocabulary.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const tableTooSmall = defineDiagnostic<{ table: number; vocabulary: number; tokenizer: string }>({
  code: "PT5006",
  slug: "table-too-small",
  severity: "error",
  title: "a token table smaller than the tokenizer's vocabulary",
  message: ({ table, vocabulary, tokenizer }) => `the token table has ${table} rows, but \`${tokenizer}\` has ${vocabulary} tokens`,
  hint: () => "let the model have a parameter `vocab`: it follows the tokenizer",
  page: "Ids beyond the table have no embedding. A larger table is allowed (padded tables), a smaller one never.",
  failing: smallRun.replace("tokens(300", "tokens(200"),
  fixed: smallRun,
});
