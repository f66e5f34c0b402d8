// `pt backends add` could not fetch or build a backend.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const backendNotAdded = defineDiagnostic<{ readonly backend: string; readonly problem: string; readonly help: string }>({
  code: "PT8020",
  slug: "backend-not-added",
  severity: "error",
  title: "The backend could not be added.",
  message: (data) => `backend \`${data.backend}\` was not added: ${data.problem}`,
  hint: (data) => data.help,
  page: "`pt backends add` fetches packages with npm (and pip, for TensorFlow) into a folder of its own, builds what has to be built, and computes a small product before it calls the backend added. Running the same command again goes on with the step that failed. `PT_BACKENDS` names another folder than the one in the user's cache; nothing of your project is touched, and deleting the folder removes the backend.",
  failing: dataExample({ command: ["backends", "add", "tensorflw"] }),
  fixed: dataExample({ command: ["backends", "--quick"] }),
});
