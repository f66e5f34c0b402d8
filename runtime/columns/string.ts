// `string`: a text as it stands.

import { columnParameters, defineColumn, shown } from "./define.ts";

export const string = defineColumn({
  word: "string",
  doc: "A text, as it stands in the file.",
  parameters: { ...columnParameters },
  text: true,
  formats: ["text", "lines", "json", "jsonl", "csv", "tsv", "parquet"],
  read: (value) => (typeof value === "string" ? { value } : { problem: `${shown(value)} is no text` }),
  asText: (value) => value as string,
  fills: (value) => value as string,
});
