// `format: text`: a file is one document, every character of it.

import { defineSource, ofDocument } from "./define.ts";

export const text = defineSource({
  word: "text",
  doc: "A file is one document, read as it stands.",
  table: "document",
  async *records(files) {
    for (const file of files) {
      const pieces: string[] = [];
      for await (const piece of file.text()) pieces.push(piece);
      const document = pieces.join("");
      if (document !== "") yield [{ file: file.name, line: 1, get: ofDocument(file.name, document) }];
    }
  },
});
