// `format: json`: a file is one JSON array of objects; their fields are the columns.

import { constants } from "node:buffer";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { fileError } from "../files/user-error.ts";
import { defineSource, type SourceRecord } from "./define.ts";
import { fieldOf } from "./_object.ts";

export const json = defineSource({
  word: "json",
  doc: "A file is one JSON array of objects, whose fields are the columns; it is read as a whole, and its rows are numbered as lines.",
  table: "names",
  async *records(files) {
    for (const file of files) {
      const pieces: string[] = [];
      let length = 0;
      for await (const piece of file.text()) {
        length += piece.length;
        if (length > constants.MAX_STRING_LENGTH) throw fileError(unreadableFile, file.name, { file: file.name, reason: "it is too long to be read as a whole; `jq -c '.[]'` makes an object a line of it, for `format: jsonl`" });
        pieces.push(piece);
      }
      const rows = parsed(pieces.join(""), file.name);
      yield rows.map((row, i): SourceRecord => {
        const where = { file: file.name, line: i + 1 };
        return typeof row !== "object" || row === null || Array.isArray(row) ? { ...where, problem: "no JSON object" } : { ...where, get: ({ column }) => fieldOf(row, String(column)) };
      });
    }
  },
});

/** Throws UserError (PT7004) where the text is no array. */
function parsed(text: string, file: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fileError(unreadableFile, file, { file, reason: `it is no JSON (${(error as Error).message.replace(/\s+/g, " ")}); \`format: jsonl\` reads an object a line` });
  }
  if (!Array.isArray(value)) throw fileError(unreadableFile, file, { file, reason: "it is JSON, but no array of objects; `format: jsonl` reads an object a line" });
  return value;
}
