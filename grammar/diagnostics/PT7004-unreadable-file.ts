// A file exists and cannot be read.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unreadableFile = defineDiagnostic<{ readonly file: string; readonly reason: string }>({
  code: "PT7004",
  slug: "unreadable-file",
  severity: "error",
  title: "A data file cannot be read.",
  message: (data) => `cannot read \`${data.file}\`: ${data.reason}`,
  hint: () => "check the permissions and the disk, and fetch the file again if it is truncated",
  page: "The file is there, but reading it failed: permissions, a failing disk, a damaged or truncated `.gz`, or a file that changed while it was read. Nothing was trained on half of it.",
  failing: dataExample({ files: "data.txt.gz", beside: { "data.txt.gz": "This is not gzip.\n" } }),
  fixed: dataExample(),
});
