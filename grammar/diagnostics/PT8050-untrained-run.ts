// PT8050: an evaluation of a run that was not trained yet.

import { defineDiagnostic } from "./define.ts";
import { evaluationFiles } from "./_evaluation-example.ts";

export const untrainedRun = defineDiagnostic<{ run: string; evaluation: string; problem: string; command: string }>({
  code: "PT8050",
  slug: "untrained-run",
  severity: "error",
  title: "a run that is to be measured was not trained",
  message: ({ run, evaluation, problem }) => `\`${evaluation}\` measures \`${run}\`, which ${problem}`,
  hint: ({ command }) => `train it first: \`${command}\``,
  page: "An evaluation trains nothing: it reads the weights of a run, which `pt train` writes. The run must be the one that the spec declares now: after a change of the spec it is another run, in a folder of its own.",
  failing: { files: evaluationFiles(), command: ["evaluate", "main.pt", "translate"] },
  fixed: { files: evaluationFiles(), command: ["train", "main.pt", "small"] },
});
