// `answers`: the texts that answer a question, with where each begins in the text that it is taken from.

import { columnParameter, defineColumn, shown, type Answer } from "./define.ts";

export const answers = defineColumn({
  word: "answers",
  doc: "Right answers, taken from a text: `{ \"text\": [\"…\"], \"answer_start\": [12] }` as in SQuAD (places in code points), a list of texts, or one text, whose first place in the text counts; empty where there is no answer.",
  parameters: { column: columnParameter },
  text: false,
  formats: ["json", "jsonl", "csv", "tsv", "parquet"],
  read(value) {
    const found = answersIn(value);
    return found === null ? { problem: `${shown(value)} holds no answers` } : { value: found.filter(({ text }) => text !== "") };
  },
});

function answersIn(value: unknown): Answer[] | null {
  if (typeof value === "string") return [{ text: value, start: null }];
  if (Array.isArray(value)) {
    const all = value.map((item): Answer | null => {
      if (typeof item === "string") return { text: item, start: null };
      const { text, answer_start } = (item ?? {}) as { text?: unknown; answer_start?: unknown };
      return typeof text === "string" ? { text, start: isPlace(answer_start) ? Number(answer_start) : null } : null;
    });
    return all.every((one) => one !== null) ? all : null;
  }
  const { text, answer_start } = (value ?? {}) as { text?: unknown; answer_start?: unknown };
  if (!Array.isArray(text) || !text.every((one) => typeof one === "string")) return null;
  const starts = Array.isArray(answer_start) && answer_start.length === text.length ? answer_start : [];
  return text.map((one: string, i) => ({ text: one, start: isPlace(starts[i]) ? Number(starts[i]) : null }));
}

function isPlace(value: unknown): boolean {
  return (typeof value === "number" && Number.isInteger(value) && value >= 0) || (typeof value === "bigint" && value >= 0n);
}
