// PT5093: solved examples in the prompt, and nothing to draw them from.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

const split = "split { train: 50%  test: 50% }";

export const shotsWithoutExamples = defineDiagnostic<{ shots: number; data: string }>({
  code: "PT5093",
  slug: "shots-without-examples",
  severity: "error",
  title: "nothing to draw solved examples from",
  message: ({ shots, data }) => `${shots} solved ${shots === 1 ? "example" : "examples"} would stand in each prompt, and \`${data}\` has no part \`train\` to draw them from`,
  hint: () => "give the data a `split` with `train`, or name other data: `shots_from: NAME`",
  page: "The solved examples of a prompt come from data that is not measured: the `train` part of the data, or the source that `shots_from` names, as benchmarks with files of their own for training have it.",
  failing: evaluationSpec({ more: "shots: [0, 2]" }),
  fixed: evaluationSpec({ split, more: "shots: [0, 2]" }),
});
