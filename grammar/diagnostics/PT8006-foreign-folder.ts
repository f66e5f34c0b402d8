// A run folder that another plan has written.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const foreignFolder = defineDiagnostic<{ readonly folder: string; readonly found: string; readonly expected: string }>({
  code: "PT8006",
  slug: "foreign-folder",
  severity: "error",
  title: "The folder holds another run.",
  message: (data) => `\`${data.folder}\` holds the run ${data.found.slice(0, 8)}, not ${data.expected.slice(0, 8)}`,
  hint: () => "choose another folder with `--out`; the one there is left as it is",
  page: "A run folder belongs to one plan. A changed spec has another hash, so its run gets a folder of its own; the old one is never overwritten.",
  // What the code reports cannot be brought about by files alone; the failing example shows the command that meets it. Tested in tests/training/resume.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});
