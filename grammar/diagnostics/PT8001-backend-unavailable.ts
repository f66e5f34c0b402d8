// A backend that there is not, or that does not run on this machine.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const backendUnavailable = defineDiagnostic<{ readonly backend: string; readonly reason: string; readonly words: readonly string[]; readonly nearest: string | null }>({
  code: "PT8001",
  slug: "backend-unavailable",
  severity: "error",
  title: "The backend cannot be used here.",
  message: (data) => `backend \`${data.backend}\`: ${data.reason}`,
  hint: (data) => (data.nearest ? `did you mean \`${data.nearest}\`?` : `\`pt backends\` lists what runs here; backends are ${data.words.join(", ")}`),
  page: "`pt backends` says for each backend whether it runs on this machine and, where it does not, the one command that adds it. `wasm` and `cpu` run everywhere; the same plan gives the same run on each, up to rounding.",
  failing: dataExample({ command: ["train", "main.pt", "--backend", "wasn"] }),
  fixed: dataExample({ command: ["train", "main.pt", "--backend", "wasm"] }),
});
