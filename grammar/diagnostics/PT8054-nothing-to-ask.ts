// PT8054: data without a row.

import { defineDiagnostic } from "./define.ts";
import { evaluationFiles } from "./_evaluation-example.ts";

export const nothingToAsk = defineDiagnostic<{ files: readonly string[]; part: string | null }>({
  code: "PT8054",
  slug: "nothing-to-ask",
  severity: "error",
  title: "an evaluation on data without a row",
  message: ({ files, part }) => `${part === null ? "" : `the part \`${part}\` of `}${files.map((file) => `\`${file}\``).join(", ")} has no row to ask about`,
  page: "An evaluation asks one question for each row of its data. Empty files, and parts that no row belongs to, leave nothing to ask.",
  failing: { files: evaluationFiles({ more: "decode: greedy(tokens: 4)" }, []), command: ["evaluate", "main.pt", "translate"] },
  fixed: { files: evaluationFiles({ more: "decode: greedy(tokens: 4)" }), command: ["evaluate", "main.pt", "translate"] },
});
