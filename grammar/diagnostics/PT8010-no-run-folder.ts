// PT8010: a folder that holds no run.

import { defineDiagnostic } from "./define.ts";
import { runExample } from "./_run-example.ts";

export const noRunFolder = defineDiagnostic<{ folder: string; reason: string }>({
  code: "PT8010",
  slug: "no-run-folder",
  severity: "error",
  title: "A folder holds no run.",
  message: ({ folder, reason }) => `\`${folder}\` is not the folder of a run: ${reason}`,
  hint: () => "`pt train FILE RUN` makes one under `runs/`",
  page: "A run's folder holds `plan.json`, `spec.pt`, `tokenizer.json`, `metrics.jsonl` and `checkpoints/`. Commands that need a trained model take that folder, or the spec and the name of a run that was trained before.",
  failing: { files: { "main.pt": runExample() }, command: ["evaluate", "main.pt", "small"] },
  fixed: { files: { "main.pt": runExample() }, command: ["check", "main.pt"] },
});
