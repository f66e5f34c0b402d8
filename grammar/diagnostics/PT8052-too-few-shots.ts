// PT8052: fewer rows to draw solved examples from than a prompt needs.

import { defineDiagnostic } from "./define.ts";
import { evaluationFiles } from "./_evaluation-example.ts";

const split = "split { train: 50%  test: 50% }";

export const tooFewShots = defineDiagnostic<{ shots: number; pool: number; file: string; line: number }>({
  code: "PT8052",
  slug: "too-few-shots",
  severity: "error",
  title: "fewer rows than solved examples",
  message: ({ shots, pool, file, line }) => `${shots} solved ${shots === 1 ? "example" : "examples"} are wanted for \`${file}:${line}\`, and ${pool} ${pool === 1 ? "row is" : "rows are"} there to draw them from, those that ask the same left out`,
  hint: () => "ask for fewer `shots`, or draw them from other data with `shots_from`",
  page: "The solved examples of a prompt are different rows, and none of them asks what the prompt asks: otherwise the answer would stand in it.",
  failing: { files: evaluationFiles({ split, more: "shots: [9]  decode: greedy(tokens: 4)" }), command: ["evaluate", "main.pt", "translate"] },
  fixed: { files: evaluationFiles({ split, prompt: '"{english}>" -> "{french}"', more: "shots: [1]  decode: greedy(tokens: 4)" }), command: ["evaluate", "main.pt", "translate"] },
});
