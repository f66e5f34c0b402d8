// `class`: one of a few labels. Ids follow the labels' order: as named, else natural order (`2` before `10`), whatever the files' order.

import { columnParameters, defineColumn, shown } from "./define.ts";

export const class_ = defineColumn({
  word: "class",
  doc: "One of a few labels; ids follow `labels`, or the natural order of all labels of the source.",
  parameters: { ...columnParameters, labels: { type: { type: "list", of: { type: "string" }, minimum: 1 }, doc: "all labels in the order of their ids; another one makes a row malformed" }, names: { type: { type: "list", of: { type: "string" }, minimum: 1 }, doc: "what templates write for each of `labels`: `class(labels: [\"0\", \"1\"], names: [\"negative\", \"positive\"])`" } },
  text: false,
  labels: true,
  formats: null,
  read(value, { labels }) {
    const label = typeof value === "string" ? value.trim() : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
    if (label === "") return { problem: `${shown(value)} is no label` };
    return labels && !labels.includes(label) ? { problem: `${shown(label)} is not among the labels ${labels.map(shown).join(", ")}` } : { value: label };
  },
  fills: (value, { labels, names }) => (labels && names ? names[labels.indexOf(value as string)] : (value as string)),
});
