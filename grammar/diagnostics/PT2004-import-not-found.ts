// PT2004: an import of a file that is not there.

import { defineDiagnostic } from "./define.ts";

export const importNotFound = defineDiagnostic<{ path: string; suggestion?: string }>({
  code: "PT2004",
  slug: "import-not-found",
  severity: "error",
  title: "an import of a file that is not there",
  message: ({ path }) => `there is no file \`${path}\` to import`,
  hint: ({ suggestion }) => suggestion ?? "the path is relative to this file",
  page: "Paths of imports are relative to the file that imports; the specs that come with Ptarmigan are imported as `\"ptarmigan/gpt2.pt\"`.",
  failing: `import { gpt2 } from "ptarmigan/gpt3000.pt"
model mine extends gpt2(layers: 2) {}
`,
  fixed: `import { gpt2 } from "ptarmigan/gpt2.pt"
model mine extends gpt2(layers: 2) {}
`,
});
