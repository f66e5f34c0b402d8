// PT7020: a file that was named on the command line and is not there.

import { defineDiagnostic } from "./define.ts";

const mask = "mask near = causal & window(4)\n";

export const missingFile = defineDiagnostic<{ readonly file: string; readonly suggestion?: string }>({
  code: "PT7020",
  slug: "missing-file",
  severity: "error",
  title: "a file that is not there",
  message: ({ file }) => `there is no file \`${file}\``,
  hint: ({ suggestion }) => suggestion ?? "paths are relative to the folder where `pt` is run; the specs that come with Ptarmigan are named `ptarmigan/gpt2.pt`",
  page: "The command names a file or a pattern that finds nothing. Paths are relative to the folder where the command is run.",
  failing: { files: { "main.pt": mask }, command: ["check", "mian.pt"] },
  fixed: { files: { "main.pt": mask }, command: ["check", "main.pt"] },
});
