// PT8034: a run that needs more memory than the machine has.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const largerThanMachine = defineDiagnostic<{ run: string; needed: number; has: number }>({
  code: "PT8034",
  slug: "larger-than-machine",
  severity: "error",
  title: "a run that needs more memory than the machine has",
  message: ({ run, needed, has }) => `\`${run}\` needs ${gigabytes(needed)} of memory, and this machine has ${gigabytes(has)}`,
  hint: () => "`pt plan` says what takes it; give the run a limit (`memory: 8 GB`), which decides micro-batches and recomputation but never the result, or make the model smaller",
  page: "Weights, optimizer state and the activations of one micro-batch have to fit. The plan knows their sizes, so this is said before any data is read.",
  failing: { files: { "main.pt": smallRun.replace("model: tiny()", "model: tiny(width: 400_000)"), "texts/a.txt": "a" }, command: ["train", "main.pt"] },
  fixed: { files: { "main.pt": smallRun }, command: ["check", "main.pt"] },
});

function gigabytes(bytes: number): string {
  return bytes < 1e12 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e12).toFixed(1)} TB`;
}
