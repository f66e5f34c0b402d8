// PT8053: a row that cannot be asked about, or whose answer could never be right.

import { defineDiagnostic } from "./define.ts";
import { evaluationFiles } from "./_evaluation-example.ts";

export const unaskableRow = defineDiagnostic<{ file: string; line: number; problem: string }>({
  code: "PT8053",
  slug: "unaskable-row",
  severity: "error",
  title: "a row whose answer could never be right",
  message: ({ file, line, problem }) => `\`${file}:${line}\`: ${problem}`,
  page: "Every row of the data must have an answer that the evaluation can find right: one of its choices, none of them empty, or a right text in which `chain_of_thought` finds an answer. A row that can only be wrong would lower the result without saying anything about the model.",
  failing: { files: evaluationFiles({ metrics: "[accuracy]", more: 'choices: ["un", "deux"]' }), command: ["evaluate", "main.pt", "translate"] },
  fixed: { files: evaluationFiles({ metrics: "[accuracy]", more: 'choices: ["un", "deux", "trois", "quatre", "cinq", "six"]' }), command: ["evaluate", "main.pt", "translate"] },
});
