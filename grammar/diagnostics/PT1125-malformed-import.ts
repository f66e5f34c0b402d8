// An import in the wrong form.

import { defineDiagnostic } from "./define.ts";

export const malformedImport = defineDiagnostic({
  code: "PT1125",
  slug: "malformed-import",
  severity: "error",
  title: "An import in the wrong form",
  message: () => "an import is written `import { name, name } from \"./file.pt\"` or `import * as name from \"./file.pt\"`",
  page: `An import names what it takes from a file, or gives the whole file one name. The path is a string, relative to this file or beginning with \`ptarmigan/\`.`,
  failing: `import "ptarmigan/gpt2.pt"
mask near(n) = causal & (query - key < n)
`,
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
