// PT2006: an import that leaves the project's folder.

import { defineDiagnostic } from "./define.ts";

export const importOutside = defineDiagnostic<{ path: string; problem: "outside" | "not-relative" }>({
  code: "PT2006",
  slug: "import-outside",
  severity: "error",
  title: "an import that leaves the project's folder",
  message: ({ path, problem }) => problem === "outside" ? `\`${path}\` lies outside the project's folder` : `\`${path}\` is not a relative path`,
  hint: () => "copy the file into the project, or import a shipped spec such as `\"ptarmigan/gpt2.pt\"`",
  page: "The whole experiment lives in one project folder (the nearest folder above the spec that holds a `package.json` or a `.git`, or else the spec's own), so that it can be moved and run elsewhere. Copy the file into the project, or import a spec that comes with Ptarmigan: `\"ptarmigan/gpt2.pt\"`.",
  failing: `import { near } from "../../../../../../../../../../../../etc/near.pt"
mask nearer = causal & near
`,
  fixed: `mask near = window(4)
mask nearer = causal & near
`,
});
