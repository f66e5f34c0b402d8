// A file could not be written for another reason than space.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unwritableFile = defineDiagnostic<{ readonly file: string; readonly reason: string }>({
  code: "PT8106",
  slug: "unwritable-file",
  severity: "error",
  title: "A file cannot be written.",
  message: (data) => `cannot write \`${data.file}\`: ${data.reason}`,
  hint: () => "check the folder and its permissions, or choose another one with `--out`",
  page: "The folder does not exist, may not be written, or the disk failed. Nothing was left half written.",
  failing: dataExample({ command: ["train", "main.pt", "--out", "/proc/nowhere"] }),
  fixed: dataExample(),
});
