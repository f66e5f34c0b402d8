// PT5031: a head whose result is not what the objective predicts.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const unfitHead = defineDiagnostic<{ head: string; objective: string; problem: string; instead: string }>({
  code: "PT5031",
  slug: "unfit-head",
  severity: "error",
  title: "a head whose result is not what the objective predicts",
  message: ({ head, objective, problem }) => `the head \`${head}\` does not fit \`${objective}\`: ${problem}`,
  hint: ({ instead }) => instead,
  page: "A loss of tokens needs a score of every token at each position, so its head does not pool and is as wide as the vocabulary, or wider. A class of the whole text needs one vector, so its head pools and is as wide as there are classes. `contrastive` compares two branches.",
  failing: smallRun.replace("head lm { tied }", "head lm { pool(last) tied }"),
  fixed: smallRun,
});
