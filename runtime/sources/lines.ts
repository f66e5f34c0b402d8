// `format: lines`: each line is one document, without its line end; lines of nothing but spaces and tabs are skipped.

import { defineSource, ofDocument } from "./define.ts";
import { eachLine } from "./_lines.ts";

export const lines = defineSource({
  word: "lines",
  doc: "Each line is one document; `\\n` and `\\r\\n` end a line and are not part of it, empty lines are skipped.",
  table: "document",
  async *records(files) {
    for (const file of files) yield* eachLine(file, (text, line) => ({ file: file.name, line, get: ofDocument(file.name, text) }));
  },
});
