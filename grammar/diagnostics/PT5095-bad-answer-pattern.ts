// PT5095: a pattern that finds no answer.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

export const badAnswerPattern = defineDiagnostic<{ problem: string }>({
  code: "PT5095",
  slug: "bad-answer-pattern",
  severity: "error",
  title: "a pattern that finds no answer",
  message: ({ problem }) => `the pattern of the answer ${problem}`,
  hint: () => "the answer is the one group: `pattern: \"answer is (.*)\\\\.\"`; a backslash is written `\\\\`",
  page: "With `chain_of_thought` an answer stands behind its reasoning. `after: \"The answer is\"` takes what follows that text; `pattern` is a regular expression as JavaScript has them (flag `u`), and the answer is its one group, of the last match. Groups that only group are written `(?:…)`.",
  failing: evaluationSpec({ more: 'chain_of_thought { pattern: "(the )?answer is (.*)" }' }),
  fixed: evaluationSpec({ more: 'chain_of_thought { pattern: "(?:the )?answer is (.*)" }' }),
});
