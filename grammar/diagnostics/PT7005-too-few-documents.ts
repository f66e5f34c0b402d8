// A split by document has fewer documents than its parts need.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const tooFewDocuments = defineDiagnostic<{ readonly documents: number; readonly parts: string; readonly empty: string }>({
  code: "PT7005",
  slug: "too-few-documents",
  severity: "error",
  title: "A split leaves a part without documents.",
  message: (data) => `${data.documents} ${data.documents === 1 ? "document" : "documents"} cannot be split into ${data.parts}: \`${data.empty}\` would get none`,
  hint: () => "add `by: position` to the split to cut each document into parts, or use `format: lines`",
  page: "A split puts every document into exactly one part, so each part needs at least one. A corpus of one or a few long files can be split inside each document instead, at line ends near the percentages: `split { by: position  train: 90%  valid: 10% }`.",
  failing: dataExample({ format: "text", split: "split { train: 90%  valid: 10% }" }),
  fixed: dataExample({ format: "text", split: "split { by: position  train: 50%  valid: 50% }" }),
});
