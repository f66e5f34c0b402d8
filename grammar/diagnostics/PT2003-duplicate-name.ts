// PT2003: two definitions of one type and name.

import { defineDiagnostic } from "./define.ts";

export const duplicateName = defineDiagnostic<{ name: string; what: string }>({
  code: "PT2003",
  slug: "duplicate-name",
  severity: "error",
  title: "two definitions of one type and name",
  message: ({ name, what }) => `\`${name}\` is already defined as a ${what}`,
  hint: () => "rename or remove one of them",
  page: "Two visible definitions of one type and name would make every use of the name ambiguous. Names of different types may agree: a mask and a model can share one.",
  failing: `mask near(n) = window(n)
mask near(n) = causal & window(n)
`,
  fixed: `mask near(n) = window(n)
mask near_before(n) = causal & window(n)
`,
});
