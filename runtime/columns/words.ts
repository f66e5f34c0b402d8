// `words`: a text cut into words already.

import { columnParameters, defineColumn, shown } from "./define.ts";

export const words = defineColumn({
  word: "words",
  doc: "Words: a list, or words with white space between them.",
  parameters: { ...columnParameters },
  text: true,
  list: true,
  formats: ["text", "lines", "json", "jsonl", "csv", "tsv", "parquet"],
  read(value) {
    if (typeof value === "string") return { value: value.split(/\s+/u).filter((word) => word !== "") };
    return Array.isArray(value) && value.every((word) => typeof word === "string") ? { value: value as string[] } : { problem: `${shown(value)} is no list of words` };
  },
  asText: (value) => (value as readonly string[]).join(" "),
  fills: (value) => (value as readonly string[]).join(" "),
});
