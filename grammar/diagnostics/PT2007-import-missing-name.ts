// PT2007: a name that the imported file does not have.

import { defineDiagnostic } from "./define.ts";

export const importMissingName = defineDiagnostic<{ name: string; file: string; suggestion?: string; exported: readonly string[] }>({
  code: "PT2007",
  slug: "import-missing-name",
  severity: "error",
  title: "a name that the imported file does not have",
  message: ({ name, file }) => `\`${file}\` has nothing called \`${name}\``,
  hint: ({ suggestion, exported }) => suggestion ?? (exported.length ? `it has ${exported.map((name) => `\`${name}\``).join(", ")}` : undefined),
  page: "Every declaration and file-level `let` of a file can be imported by name; what that file imports itself cannot.",
  failing: `import { gpt_2 } from "ptarmigan/gpt2.pt"
model mine extends gpt_2(layers: 2) {}
`,
  fixed: `import { gpt2 } from "ptarmigan/gpt2.pt"
model mine extends gpt2(layers: 2) {}
`,
});
