// Thousands set apart by commas.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly written: string; readonly number: string }

export const groupedDigits = defineDiagnostic<Data>({
  code: "PT1019",
  slug: "grouped-digits",
  severity: "error",
  title: "Digits grouped by commas",
  message: ({ written, number }) => `\`${written}\` is two values; the number is written \`${number}\``,
  page: "A comma separates values. Digits are grouped by underscores, `50_257`, or shortened with a magnitude, `10k`.",
  failing: "let far = 2,000\nmask near = key < far\n",
  fixed: "let far = 2_000\nmask near = key < far\n",
});
