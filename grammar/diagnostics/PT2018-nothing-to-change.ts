// PT2018: a change to a field that was not inherited.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const nothingToChange = defineDiagnostic<{ path: string; suggestion?: string }>({
  code: "PT2018",
  slug: "nothing-to-change",
  severity: "error",
  title: "a change to a field that was not inherited",
  message: ({ path }) => `there is no inherited \`${path}\` to change`,
  hint: ({ suggestion }) => suggestion ?? "give the whole field instead",
  page: "`optimizer.lr: 5e-4` and `remove sample` change what the declaration `extends`; here nothing of that name is inherited.",
  failing: smallRun + "pretrain other extends small { remove sample }\n",
  fixed: smallRun + "pretrain other extends small { seed: 2 }\n",
});
