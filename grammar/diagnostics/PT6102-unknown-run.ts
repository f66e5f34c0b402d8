// PT6102: a run that the file does not declare.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const unknownRun = defineDiagnostic<{ name: string; names: readonly string[]; evaluation?: boolean }>({
  code: "PT6102",
  slug: "unknown-run",
  severity: "error",
  title: "a run that the file does not declare",
  message: ({ name, names, evaluation }) => evaluation ? `\`${name}\` is an \`evaluate\`, which trains nothing` : !names.length ? "the file declares no run" : name ? `there is no run \`${name}\`` : "the file declares several runs, and none is named",
  hint: ({ name, names, evaluation }) => (evaluation ? `\`pt evaluate FILE ${name}\` runs it` : names.length ? `its runs are ${names.map((name) => `\`${name}\``).join(", ")}` : undefined),
  page: "Runs are the declarations that can be trained: `pretrain`. An `evaluate` measures a run and trains nothing: `pt evaluate FILE NAME` runs it.",
  failing: {
    files: {
      "main.pt": smallRun,
    },
    command: ["plan", "main.pt", "smal"],
  },
  fixed: {
    files: {
      "main.pt": smallRun,
    },
    command: ["plan", "main.pt", "small"],
  },
});
