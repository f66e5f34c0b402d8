// An operator without a value beside it.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly operator: string; readonly side: "before" | "after" }

export const missingOperand = defineDiagnostic<Data>({
  code: "PT1130",
  slug: "missing-operand",
  severity: "error",
  title: "An operator without a value beside it",
  message: ({ operator, side }) => `a value is missing ${side} \`${operator}\``,
  page: `Operators stand between two values; only \`-\` and \`not\` stand before one.`,
  failing: "mask near(n) = causal & & (query - key < n)\n",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
