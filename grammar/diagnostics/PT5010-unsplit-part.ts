// PT5010: training and measuring on the same data.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const unsplitPart = defineDiagnostic<{ name: string }>({
  code: "PT5010",
  slug: "unsplit-part",
  severity: "error",
  title: "training and measuring on the same data",
  message: ({ name }) => `the run trains on all of \`${name}\` and evaluates on it too`,
  page: "A loss measured on data that was trained on says nothing about new data. Give the source a `split` and evaluate on `NAME.valid`.",
  failing: smallRun.replace("  optimizer: adamw(lr: 1e-3)\n", "  optimizer: adamw(lr: 1e-3)\n  evaluate { data: novels.train }\n"),
  fixed: smallRun.replace("  optimizer: adamw(lr: 1e-3)\n", "  optimizer: adamw(lr: 1e-3)\n  evaluate { data: novels.valid }\n"),
});
