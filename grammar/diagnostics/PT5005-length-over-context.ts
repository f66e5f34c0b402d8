// PT5005: sequences longer than the table of positions.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const lengthOverContext = defineDiagnostic<{ length: number; context: number; what?: string }>({
  code: "PT5005",
  slug: "length-over-context",
  severity: "error",
  title: "sequences longer than the table of positions",
  message: ({ length, context, what = "sequences" }) => `${what} of ${length} positions do not fit the context of ${context}`,
  hint: ({ context }) => `use a shorter \`length\` (the context is ${context}), or a larger context`,
  page: "Learned positions are a table with one row a position.",
  failing: smallRun.replace("width)", "width) + learned_positions(8)"),
  fixed: smallRun.replace("width)", "width) + learned_positions(16)"),
});
