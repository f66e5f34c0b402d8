// Digits that are not a number.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly raw: string; readonly reason: string; readonly meant?: string }

export const badNumber = defineDiagnostic<Data>({
  code: "PT1011",
  slug: "bad-number",
  severity: "error",
  title: "Digits that are not a number",
  message: ({ raw, reason, meant }) => `\`${raw}\` is not a number: ${reason}${meant === undefined ? "" : `; write \`${meant}\``}`,
  page: `A number is digits, with \`_\` between them where it helps, a fraction, an exponent \`e-4\`, and one of the magnitudes \`k\` (10³), \`M\` (10⁶), \`B\` (10⁹), \`T\` (10¹²) or \`%\` attached. Capitals matter: \`10k\`, but \`300B\`. A unit is a word of its own: \`3 epochs\`, \`2 GB\`.`,
  failing: `hardware small {
  flops: 312t
  memory: 80 GB
  price: 2.5
}
`,
  fixed: `hardware small {
  flops: 312T
  memory: 80 GB
  price: 2.5
}
`,
});
