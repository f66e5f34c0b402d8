// PT6121: an ablation that the file does not declare.

import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unknownAblation = defineDiagnostic<{ name: string; names: readonly string[] }>({
  code: "PT6121",
  slug: "unknown-ablation",
  severity: "error",
  title: "an ablation that the file does not declare",
  message: ({ name, names }) => (!names.length ? "the file declares no ablation" : name ? `there is no ablation \`${name}\`` : "the file declares several ablations, and none is named"),
  hint: ({ names }) => (names.length ? `its ablations are ${names.map((name) => `\`${name}\``).join(", ")}` : undefined),
  page: "`pt ablate` runs a declaration of kind `ablation`; `pt train` runs one run.",
  failing: { files: { "main.pt": ablationExample() }, command: ["ablate", "main.pt", "size", "--emit", "slurm"] },
  fixed: { files: { "main.pt": ablationExample() }, command: ["ablate", "main.pt", "sizes", "--emit", "slurm", "--out", "jobs"] },
});
