// A plan names a format that this version cannot read.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unreadableFormat = defineDiagnostic<{ readonly format: string; readonly formats: readonly string[] }>({
  code: "PT7007",
  slug: "unreadable-format",
  severity: "error",
  title: "This version cannot read a format.",
  message: (data) => `this version does not read \`format: ${data.format}\``,
  hint: (data) => `it reads ${data.formats.map((word) => `\`${word}\``).join(", ")}`,
  page: "The language knows more formats than this version can read, and a plan may come from a newer one. Convert the data, or use a version that reads it.",
  failing: dataExample({ format: "parquet" }),
  fixed: dataExample(),
});
