// The file is binary.

import { defineDiagnostic } from "./define.ts";

export const binaryFile = defineDiagnostic({
  code: "PT1002",
  slug: "binary-file",
  severity: "error",
  title: "The file is binary",
  message: () => "the file holds binary data, not text",
  page: `A \`.pt\` file of Ptarmigan is text. This file has control characters that no text has; it is probably something else with the same ending.`,
  failing: "\u0000\u0001\u0002\u0003",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
