// PT2020: definitions or imports that hang on one another too deeply.

import { defineDiagnostic } from "./define.ts";

export const tooDeep = defineDiagnostic<{ what: string; limit: number }>({
  code: "PT2020",
  slug: "too-deep",
  severity: "error",
  title: "definitions or imports that hang on one another too deeply",
  message: ({ what, limit }) => `more than ${limit} ${what} hang on one another here`,
  page: "No reader follows a tenth of it, and it is most likely made by a program: let the program write the values out.",
  failing: `${Array.from({ length: 12 }, (_, i) => `mask m${i + 1} = m${i} & m${i}`).reduce((text, line) => `${text}${line}\n`, "mask m0 = causal & window(4)\n")}`,
  fixed: "mask m0 = causal & window(4)\nmask m1 = m0 & m0\n",
});
