// PT4004: a tied layer without a token table of its width.

import { defineDiagnostic } from "./define.ts";

export const noTable = defineDiagnostic<{ width: number; table: number | null }>({
  code: "PT4004",
  slug: "no-table",
  severity: "error",
  title: "a tied layer without a token table of its width",
  message: ({ width, table }) => table === null ? "there is no token table to be tied to" : `the token table is ${table} wide, but ${width} features arrive`,
  hint: ({ table, width }) => (table === null ? undefined : `put \`dense(${table})\` before it; ${width} features cannot be compared with ${table}`),
  page: "`tied` multiplies by the token table of the stack that the head reads, so that table must exist and have the width that arrives.",
  failing: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { dense(16) tied }
}
`,
  fixed: `model tiny(width = 8) {
  decoder {
    embed: tokens(300, width)
    repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
`,
});
