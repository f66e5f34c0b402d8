// PT5064: metrics without data to measure them on.

import { defineDiagnostic } from "./define.ts";
import { taskSpec } from "./_task-example.ts";

export const nothingHeldOut = defineDiagnostic<{ run: string }>({
  code: "PT5064",
  slug: "nothing-held-out",
  severity: "error",
  title: "metrics without data to measure them on",
  message: ({ run }) => `${run} says what is measured, but there is no held-out data`,
  hint: () => "give the data a `split { train: 80%  valid: 20% }`, or name data: `evaluate { data: NAME }`",
  page: "A task is measured on examples that it was not trained on: the data that `evaluate` names, else the `valid` part of the run's own data, else its `test` part.",
  failing: taskSpec({ more: "metrics: [accuracy]" }),
  fixed: taskSpec({ split: "split { train: 50%  valid: 50% }", more: "metrics: [accuracy]" }),
});
