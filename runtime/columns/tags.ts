// `tags`: one of a few labels for each word of a text.

import { columnParameters, defineColumn, shown } from "./define.ts";

export const tags = defineColumn({
  word: "tags",
  doc: "A tag for each word of a column of type `words`: a list, or tags with white space between them; ids follow `labels`, or the natural order of all tags of the source.",
  parameters: { ...columnParameters, labels: { type: { type: "list", of: { type: "string" }, minimum: 1 }, doc: "all tags in the order of their ids; another one makes a row malformed" } },
  text: false,
  labels: true,
  list: true,
  formats: ["text", "lines", "json", "jsonl", "csv", "tsv", "parquet"],
  read(value, { labels }) {
    const list = typeof value === "string" ? value.split(/\s+/u).filter((tag) => tag !== "") : value;
    if (!Array.isArray(list) || !list.every((tag) => typeof tag === "string" || typeof tag === "number")) return { problem: `${shown(value)} is no list of tags` };
    const named = list.map(String);
    const other = labels && named.find((tag) => !labels.includes(tag));
    return other === null || other === undefined ? { value: named } : { problem: `${shown(other)} is not among the labels ${labels!.map(shown).join(", ")}` };
  },
});
