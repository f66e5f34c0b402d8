// Jobs of one ablation that read the same files at different times, with a change between them.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const mixedData = defineDiagnostic<{ readonly source: string; readonly groups: readonly (readonly string[])[] }>({
  code: "PT7093",
  slug: "mixed-data",
  severity: "warning",
  title: "Jobs of an ablation have read different states of the same files.",
  message: ({ source, groups }) => `\`${source}\` was not the same for all jobs: ${groups.map((group) => group.slice(0, 3).map((run) => `\`${run}\``).join(", ") + (group.length > 3 ? ` and ${group.length - 3} more` : "")).join(" against ")}`,
  hint: () => "their numbers are not to be compared: put the files back and remove the folders of those that read others, or begin in another folder (`--out`)",
  page: "A job is known by its plan, and a plan names files, not what is in them. Each run notes a fingerprint of what it read; where runs with the same data have different ones, the files were changed while the ablation was interrupted, and a table of both would compare data, not rows.",
  // What the code reports needs a file that changes between two calls; the failing example shows the command that meets it. Tested in tests/ablations/mixed-data.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});
