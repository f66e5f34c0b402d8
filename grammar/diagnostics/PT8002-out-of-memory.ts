// The memory of a backend is used up.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const outOfMemory = defineDiagnostic<{ readonly backend: string; readonly bytes: number | null; readonly used: number }>({
  code: "PT8002",
  slug: "out-of-memory",
  severity: "error",
  title: "The backend's memory is full.",
  message: (data) => `backend \`${data.backend}\` has no memory ${data.bytes === null ? "left" : `for another ${megabytes(data.bytes)}`}; ${megabytes(data.used)} are in use`,
  hint: () => "give the run a limit (`memory: 2 GB`): it is split into micro-batches with the same result; or make `batch`, `length` or the model smaller",
  page: "The heap of `wasm` ends at 4 GB whatever the machine has. `memory:` in the run decides micro-batches and recomputation, never the result. The last checkpoint is whole: the same command goes on from it.",
  // What the code reports cannot be brought about by files alone; the failing example shows the command that meets it. Tested in tests/backends/session.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
