// What a run read: sources, documents, tokens, as its `data.json` has them.

import type { Block } from "./_blocks.ts";
import { defineSection } from "./define.ts";
import { exact } from "../terminal/numbers.ts";

export const data = defineSection({
  title: "Data",
  order: 90,
  applies: (subject) => subject.kind === "run" && subject.run.sources.length > 0,
  blocks: (subject) => (subject.kind === "run" ? subject.run.sources.flatMap((source, i) => sourceBlocks(source, i)) : []),
});

type Plain = string | number | boolean | null;

/** Plain values are lines; lists of records (rules of cleaning) are tables of their own; anything else stays in the file. */
function sourceBlocks(source: { readonly [key: string]: unknown }, i: number): Block[] {
  const facts: string[][] = [];
  const tables: Block[] = [];
  const walk = (value: unknown, path: string): void => {
    if (value === null || typeof value !== "object") {
      if (value !== null && value !== undefined && value !== "") facts.push([path, typeof value === "number" ? exact(value) : String(value)]);
    } else if (Array.isArray(value)) {
      const records = value.filter((item): item is { [key: string]: Plain } => typeof item === "object" && item !== null && !Array.isArray(item));
      if (records.length && records.length === value.length) tables.push(recordsTable(path, records));
      else if (value.length && value.every((item) => typeof item === "string" || typeof item === "number")) facts.push([path, value.length > 6 ? `${value.slice(0, 6).join(", ")}, … (${exact(value.length)})` : value.join(", ")]);
    } else for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}: ${words(key)}` : words(key));
  };
  walk(source, "");
  return [{ kind: "heading", text: `Source ${i + 1}` }, { kind: "table", caption: "", columns: [{ title: "" }, { title: "" }], rows: facts.map((cells) => ({ cells })) }, ...tables];
}

function recordsTable(path: string, records: readonly { readonly [key: string]: unknown }[]): Block {
  const plain = (value: unknown): value is Plain => ["string", "number", "boolean"].includes(typeof value);
  const keys = [...new Set(records.flatMap((record) => Object.keys(record).filter((key) => plain(record[key]))))];
  const numeric = (key: string): boolean => records.every((record) => typeof record[key] === "number");
  return { kind: "table", caption: path, columns: keys.map((key) => ({ title: words(key), numeric: numeric(key) })), rows: records.map((record) => ({ cells: keys.map((key) => (typeof record[key] === "number" ? exact(record[key]) : String(record[key] ?? ""))) })) };
}

const words = (key: string): string => key.replaceAll("_", " ");
