// The file is not UTF-8 text.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly encoding?: string }

export const notUtf8 = defineDiagnostic<Data>({
  code: "PT1001",
  slug: "not-utf8",
  severity: "error",
  title: "The file is not UTF-8 text",
  message: ({ encoding }) => encoding ? `the file is ${encoding}, not UTF-8` : "the file is not UTF-8 from here on",
  hint: () => "save the file as UTF-8",
  page: `Files of the language are UTF-8. A file from an old editor may be Latin-1 or UTF-16; save it again as UTF-8.

The failing example is given as bytes (\`data:;base64,…\`), because no text is invalid UTF-8.`,
  failing: "data:;base64,Ly8gY2Fm6QptYXNrIG5lYXIobikgPSBjYXVzYWwK",
  fixed: "mask near(n) = causal & (query - key < n)\n",
});
