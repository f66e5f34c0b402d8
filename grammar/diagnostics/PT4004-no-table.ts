// PT4004: a tied layer without a token table of its width.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const noTable = defineDiagnostic<{ width: number; table: number | null }>({
  code: "PT4004",
  slug: "no-table",
  severity: "error",
  title: "a tied layer without a token table of its width",
  message: ({ width, table }) => table === null ? "there is no token table to be tied to" : `the token table is ${table} wide, but ${width} features arrive`,
  hint: ({ table, width }) => (table === null ? undefined : `put \`dense(${table})\` before it; ${width} features cannot be compared with ${table}`),
  page: "`tied` multiplies by the token table of the stack that the head reads, so that table must exist and have the width that arrives.",
  failing: tinyModel.replace("lm { tied", "lm { dense(16) tied"),
  fixed: tinyModel,
});
