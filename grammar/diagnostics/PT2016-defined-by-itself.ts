// PT2016: a definition that needs itself.

import { defineDiagnostic } from "./define.ts";

export const definedByItself = defineDiagnostic<{ name: string }>({
  code: "PT2016",
  slug: "defined-by-itself",
  severity: "error",
  title: "a definition that needs itself",
  message: ({ name }) => `\`${name}\` is defined by itself`,
  page: "A value, a mask or a declaration cannot be needed for its own definition.",
  failing: `mask near = causal & near
`,
  fixed: `mask near = causal & window(4)
`,
});
