// Arrows in a row.

import { defineDiagnostic } from "./define.ts";

export const chainedArrow = defineDiagnostic({
  code: "PT1132",
  slug: "chained-arrow",
  severity: "error",
  title: "Arrows in a row",
  message: () => "`->` stands once in a value: input on its left, output on its right",
  page: `An arrow has an input template on its left and an output template on its right.`,
  failing: "mask near(n) = causal -> causal -> causal\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
