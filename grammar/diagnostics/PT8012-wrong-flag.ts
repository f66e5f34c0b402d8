// PT8012: the value of a flag on the command line cannot be used.

import { defineDiagnostic } from "./define.ts";
import { runExample } from "./_run-example.ts";

export const wrongFlag = defineDiagnostic<{ flag: string; given: string; wanted: string }>({
  code: "PT8012",
  slug: "wrong-flag",
  severity: "error",
  title: "The value of a flag cannot be used.",
  message: ({ flag, given, wanted }) => `\`${flag}\` takes ${wanted}, not \`${given}\``,
  page: "Flags of the command line never change the mathematics of a run; they choose what is looked at and where it is computed.",
  failing: { files: { "main.pt": runExample() }, command: ["bench", "main.pt", "small", "--steps", "many"] },
  fixed: { files: { "main.pt": runExample() }, command: ["bench", "main.pt", "small", "--steps", "1"] },
});
