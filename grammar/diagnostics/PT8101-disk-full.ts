// A file could not be written for want of space.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const diskFull = defineDiagnostic<{ readonly file: string }>({
  code: "PT8101",
  slug: "disk-full",
  severity: "error",
  title: "The disk is full.",
  message: (data) => `the disk is full: \`${data.file}\` was not written`,
  hint: () => "free some space and run the same command again: it goes on from the last checkpoint",
  page: "The unfinished file was removed, and everything written before is whole. Fewer checkpoints (`checkpoint { keep: 1 }`) need less space; each holds the weights and the optimizer's state.",
  // What the code reports cannot be brought about by files alone; the failing example shows the command that meets it. Tested in tests/runtime/files/write.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});
