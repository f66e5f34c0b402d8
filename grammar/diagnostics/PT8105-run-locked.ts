// Two processes may not train into one folder.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const runLocked = defineDiagnostic<{ readonly folder: string; readonly process: number; readonly host: string; readonly lock: string }>({
  code: "PT8105",
  slug: "run-locked",
  severity: "error",
  title: "Another process trains into this folder.",
  message: (data) => `process ${data.process} on ${data.host} is training into \`${data.folder}\``,
  hint: (data) => `wait for it or stop it; if it is gone for certain, remove \`${data.lock}\``,
  page: "Two processes that write one run would mix their checkpoints and metrics. A lock whose process is gone is taken over; that of another machine cannot be checked, so it is kept until you remove it.",
  // What the code reports cannot be brought about by files alone; the failing example shows the command that meets it. Tested in tests/runtime/checkpoints/lock.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});
