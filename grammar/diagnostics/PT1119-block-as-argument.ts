// A block among arguments.

import { defineDiagnostic } from "./define.ts";

export const blockAsArgument = defineDiagnostic({
  code: "PT1119",
  slug: "block-as-argument",
  severity: "error",
  title: "A block among arguments",
  message: () => "a block cannot be an argument or an element",
  page: `Arguments and elements are values. A section with a block is a statement of its own.`,
  failing: "mask near = causal & window({ n: 3 })\n",
  fixed: "mask near = causal & window(3)\n",
});
