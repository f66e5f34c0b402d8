// A source gives nothing to train on.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const emptyData = defineDiagnostic<{ readonly files: number; readonly documents: number; readonly part: string | null; readonly pairs?: boolean }>({
  code: "PT7006",
  slug: "empty-data",
  severity: "error",
  title: "A source gives no example.",
  message: (data) => `${data.part === null ? "the data" : `part \`${data.part}\` of the data`} gives no example: ${data.files} ${data.files === 1 ? "file" : "files"}, ${data.documents} ${data.documents === 1 ? "document" : "documents"}, ${data.pairs ? "none with two sentences" : "no token to predict"}`,
  hint: ({ pairs }) => pairs ? "a pair is made of neighbouring sentences of one document" : "an example needs a document of at least two tokens, `<bos>` and `<eos>` included",
  page: "Every document is cut into windows in which each token is predicted from those before it. Files that are empty, or documents of one token, leave nothing to predict.",
  failing: dataExample({ beside: { "data.txt": "\n" } }),
  fixed: dataExample(),
});
