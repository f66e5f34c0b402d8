// PT2005: files that import each other.

import { defineDiagnostic } from "./define.ts";

export const importCycle = defineDiagnostic<{ chain: readonly string[] }>({
  code: "PT2005",
  slug: "import-cycle",
  severity: "error",
  title: "files that import each other",
  message: ({ chain }) => `these files import each other: ${chain.join(" → ")}`,
  hint: () => "move what both need into a third file",
  page: "A file that is imported must be complete without the file that imports it. Move what both need into a third file.",
  failing: {
    files: {
      "main.pt": `import { near } from "other.pt"
mask nearer = causal & near
`,
      "other.pt": `import { nearer } from "main.pt"
mask near = window(4)
mask nearest = nearer & window(2)
`,
    },
  },
  fixed: {
    files: {
      "main.pt": `import { near } from "other.pt"
mask nearer = causal & near
`,
      "other.pt": `mask near = window(4)
`,
    },
  },
});
