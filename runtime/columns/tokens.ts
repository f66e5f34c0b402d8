// `tokens`: ids of tokens, for data that is ids already.

import { columnParameters, defineColumn, shown } from "./define.ts";

export const tokens = defineColumn({
  word: "tokens",
  doc: "Token ids: a list, or whole numbers with spaces between them; read with a tokenizer of kind `ids`.",
  parameters: { ...columnParameters },
  text: true,
  list: true,
  formats: ["text", "lines", "json", "jsonl", "csv", "tsv", "parquet"],
  read(value) {
    const list = Array.isArray(value) ? value : typeof value === "string" ? value.split(/\s+/).filter((word) => word !== "").map(Number) : [NaN];
    return list.every((id) => Number.isInteger(id) && id >= 0) ? { value: list as number[] } : { problem: `${shown(value)} is no list of token ids` };
  },
  asText: (value) => (value as readonly number[]).join(" "),
  fills: (value) => (value as readonly number[]).join(" "),
});
