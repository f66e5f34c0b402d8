// PT5123: a preference without weights to measure it against.

import { defineDiagnostic } from "./define.ts";
import { textSpec } from "./_text-example.ts";

const columns = "text: string  good: string  bad: string";

export const preferenceWithoutFrom = defineDiagnostic<{ run: string }>({
  code: "PT5123",
  slug: "preference-without-from",
  severity: "error",
  title: "a preference without a reference",
  message: ({ run }) => `\`${run}\` starts from random weights, and \`prefer\` compares with the weights that it starts from`,
  hint: ({ run }) => `start it from a run that writes already: \`finetune ${run} from NAME\``,
  page: "Direct preference optimisation (Rafailov et al. 2023) raises the chosen answers' likelihood above the rejected ones', each relative to a frozen reference: the weights that the run starts from, usually of a fine-tuning on conversations.",
  failing: textSpec({ columns, task: "prefer(text, good, bad)" }),
  fixed: textSpec({ columns, from: true, task: "prefer(text, good, bad)" }),
});
