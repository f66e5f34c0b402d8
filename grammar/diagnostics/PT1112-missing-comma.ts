// A missing comma.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly what: string }

export const missingComma = defineDiagnostic<Data>({
  code: "PT1112",
  slug: "missing-comma",
  severity: "error",
  title: "A missing comma",
  message: ({ what }) => `a comma is missing between two ${what}`,
  page: `Arguments, parameters, the elements of a list and the names of an import are separated by commas. Statements of a block need none.`,
  failing: "tokenizer letters { kind: bytes  special: [<pad> <eos>] }\n",
  fixed: "tokenizer letters { kind: bytes  special: [<pad>, <eos>] }\n",
});
