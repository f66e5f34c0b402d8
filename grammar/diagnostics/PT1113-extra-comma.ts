// A comma that separates nothing.

import { defineDiagnostic } from "./define.ts";

export const extraComma = defineDiagnostic({
  code: "PT1113",
  slug: "extra-comma",
  severity: "error",
  title: "A comma that separates nothing",
  message: () => "this comma separates nothing",
  page: `A comma stands between two arguments, elements or statements, not before the first and not twice. Lists have none after the last.`,
  failing: "tokenizer letters { kind: bytes  special: [<pad>,, <eos>] }\n",
  fixed: "tokenizer letters { kind: bytes  special: [<pad>, <eos>] }\n",
});
