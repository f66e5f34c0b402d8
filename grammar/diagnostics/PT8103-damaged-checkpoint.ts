// A checkpoint whose files are not what was saved, with an older whole one at hand.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const damagedCheckpoint = defineDiagnostic<{ readonly folder: string; readonly reason: string; readonly instead: string }>({
  code: "PT8103",
  slug: "damaged-checkpoint",
  severity: "warning",
  title: "A checkpoint is damaged; an older one is used.",
  message: (data) => `\`${data.folder}\` is damaged (${data.reason}); going on from \`${data.instead}\``,
  hint: () => "the steps in between are computed again, with the same result",
  page: "`state.json` of a checkpoint holds the sha256 of its files. They are compared before anything is loaded. A damaged last checkpoint costs the steps since the one before it, and no more; the damaged folder is replaced when training reaches its step again.",
  // What the code reports cannot be brought about by files alone; the failing example shows the command that meets it. Tested in tests/runtime/checkpoints/checkpoint.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});
