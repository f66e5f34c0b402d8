// PT5090: an evaluation that names no run.

import { defineDiagnostic } from "./define.ts";
import { evaluationSpec } from "./_evaluation-example.ts";

export const evaluationWithoutRun = defineDiagnostic<{ name: string }>({
  code: "PT5090",
  slug: "evaluation-without-run",
  severity: "error",
  title: "an evaluation that names no run",
  message: ({ name }) => `\`${name}\` does not say which run it measures`,
  hint: ({ name }) => `write \`evaluate ${name} of RUN { … }\``,
  page: "An evaluation asks the weights of one run: `evaluate translate of small(checkpoint: best) { … }`. The checkpoint is the last one unless it says otherwise. An evaluation that `extends` another measures the same run unless it names one itself. In a file that declares no run an evaluation may leave it open: it is there to be extended, `evaluate mine extends sst2_prompted of small { }`.",
  failing: evaluationSpec({ of: "" }),
  fixed: evaluationSpec(),
});
