// `format: jsonl`: each line is one JSON object; its fields are the columns.

import { defineSource } from "./define.ts";
import { eachLine } from "./_lines.ts";
import { fieldOf } from "./_object.ts";

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
