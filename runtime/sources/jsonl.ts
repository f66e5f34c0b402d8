// `format: jsonl`: each line is one JSON object; its fields are the columns.

import { defineSource } from "./define.ts";
import { eachLine } from "./_lines.ts";

/** A field by its name, or a field of a field: `target.span1_text`. */
function fieldOf(row: object, name: string): unknown {
  if (Object.hasOwn(row, name)) return (row as Record<string, unknown>)[name];
  const [first, ...rest] = name.split(".");
  const inner: unknown = rest.length && Object.hasOwn(row, first) ? (row as Record<string, unknown>)[first] : undefined;
  return typeof inner === "object" && inner !== null ? fieldOf(inner, rest.join(".")) : undefined;
}

export const jsonl = defineSource({
  word: "jsonl",
  doc: "Each line is one JSON object, whose fields are the columns; empty lines are skipped.",
  table: "names",
  async *records(files) {
    for (const file of files) {
      yield* eachLine(file, (text, line) => {
        let row: unknown;
        try {
          row = JSON.parse(text);
        } catch (error) {
          return { file: file.name, line, problem: `no JSON (${(error as Error).message.replace(/, ".*$|\s*\(line .*$/s, "")})` };
        }
        if (typeof row !== "object" || row === null || Array.isArray(row)) return { file: file.name, line, problem: "no JSON object" };
        return { file: file.name, line, get: ({ column }) => fieldOf(row, String(column)) };
      });
    }
  },
});
