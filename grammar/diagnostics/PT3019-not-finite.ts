// PT3019: an expression without a finite value.

import { defineDiagnostic } from "./define.ts";

export const notFinite = defineDiagnostic<{ text: string }>({
  code: "PT3019",
  slug: "not-finite",
  severity: "error",
  title: "an expression without a finite value",
  message: ({ text }) => `\`${text}\` has no finite value`,
  page: "A division by zero or an overflow.",
  failing: `mask near = window(4 / 0)
`,
  fixed: `mask near = window(4 / 2)
`,
});
