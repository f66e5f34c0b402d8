// PT6101: a memory limit that no micro-batch fits.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const memoryLimit = defineDiagnostic<{ limit: number; needed: number }>({
  code: "PT6101",
  slug: "memory-limit",
  severity: "error",
  title: "a memory limit that no micro-batch fits",
  message: ({ limit, needed }) => `one example with recomputation needs ${megabytes(needed)}, above the limit of ${megabytes(limit)}`,
  page: "The limit decides micro-batches and recomputation, never the result. Below weights, optimizer state and one example's activations nothing can run.",
  failing: { files: { "main.pt": smallRun.replace("train: 10 steps", "memory: 10 KB\n  train: 10 steps") }, command: ["plan", "main.pt", "small"] },
  fixed: { files: { "main.pt": smallRun.replace("train: 10 steps", "memory: 100 MB\n  train: 10 steps") }, command: ["plan", "main.pt", "small"] },
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toPrecision(3)} MB`;
}
