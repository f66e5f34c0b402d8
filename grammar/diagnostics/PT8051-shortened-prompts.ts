// PT8051: prompts that did not fit were shortened.

import { defineDiagnostic } from "./define.ts";
import { evaluationFiles } from "./_evaluation-example.ts";

const split = "split { train: 50%  test: 50% }";

export const shortenedPrompts = defineDiagnostic<{ shots: number; examples: number; dropped: number; cut: number; window: number }>({
  code: "PT8051",
  slug: "shortened-prompts",
  severity: "warning",
  title: "prompts that did not fit were shortened",
  message: ({ shots, examples, dropped, cut, window }) =>
    `with ${shots} ${shots === 1 ? "shot" : "shots"} ${[...(dropped ? [`${dropped} of ${examples} prompts have fewer solved examples`] : []), ...(cut ? [`${cut} of ${examples} questions are cut at their beginning`] : [])].join(" and ")}, so that they fit into ${window} tokens`,
  hint: () => "`dropped_shots` and `cut_tokens` in predictions.jsonl say which; a result for fewer shots than its name says is no result for them",
  page: "A model reads as many tokens as it was trained with, and the answer needs room among them. Where a prompt is longer its earliest solved examples are left out first; where the question alone is longer its beginning is cut. Both are counted here and noted with every prediction.",
  failing: { files: evaluationFiles({ split, more: "shots: [2]  decode: greedy(tokens: 4)" }), command: ["evaluate", "main.pt", "translate"] },
  fixed: { files: evaluationFiles({ split, more: "shots: [0]  decode: greedy(tokens: 4)" }), command: ["evaluate", "main.pt", "translate"] },
});
